#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// Writing that is either done or said: the two streams of the program, and files.
namespace fieldscan {

/// To be called first in `main`: a closed pipe and a limit on the size of files are errors of a write instead of
/// signals that kill, and none of the three streams is closed, so that no file that is opened later takes its number:
/// what is written to a closed stdout fails, what is said to a closed stderr is lost.
void prepare_output();

/// Writes to stdout, with what would command a terminal spelled out (`printable`). A failure is kept for
/// `output_failure`.
void print(std::string_view text);
/// The same, byte by byte: for scripts, which hold names of files as they are.
void print_exactly(std::string_view text);
/// Why something that was printed is not where it should be; nothing where all of it is. Flushes.
std::optional<std::string> output_failure();

/// Talk, to stderr, spelled out in the same way. What can not be written is lost: talk never stops work.
void say(std::string_view text);
/// The same, as it stands, beside work that must not wait: where the reader of a pipe or terminal does not take it at
/// once, it is lost.
void say_in_passing(std::string_view text);

/// Writes a file whole or not at all: beside its place as PATH.new, then renamed. A symbolic link at either place is
/// replaced, never followed. Throws EnvironmentError where it can not be written; a former file is then as it was.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Makes a directory inside another one that exists; one that is there already is kept. Throws EnvironmentError where
/// it can not be made, and for a symbolic link: what is written there would go elsewhere.
void make_directory(const std::filesystem::path& path);

}  // namespace fieldscan
