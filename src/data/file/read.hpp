#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fieldscan/data/input/file.hpp"

/// Reading real data. Every function throws EnvironmentError where files are missing or malformed: a sentence that
/// names the file, what is wrong with it, and what to do.
namespace fieldscan::data {

/// Points as they are in a file.
struct Table {
  Index rows = 0;
  int dimension = 0;
  std::variant<std::vector<std::uint8_t>, std::vector<double>> values;  ///< row-major [rows × dimension]
  std::vector<double> label;                                            ///< [rows]
};

/// Everything at a path; `test` is set where the data have a held-out part of their own.
struct Tables {
  Table train;
  std::optional<Table> test;
  std::string content;  ///< key of the uncompressed content
  std::string note;     ///< as in FileFacts
};
Tables read_tables(const std::string& path, Header header);

/// What `resolve` keeps of the data at a place.
FileFacts read_facts(const std::string& path, Header header, const std::filesystem::path& place);
FileFacts read_facts(const File& file);

/// The rows in the order in which they are held out for tests, a matter of the content alone; and how many are.
std::vector<Index> held_out_order(const std::string& content, Index rows);
Index held_out_count(Index rows, double test_part);
/// The sizes of the training and of the held-out part: of all rows, and of those with a label that `classes` can name.
PoolSizes all_rows(const FileFacts& facts, TestFrom test_from, double test_part);
PoolSizes rows_of(const FileFacts& facts, TestFrom test_from, double test_part, double label);

/// What is at a place, told from its kind and name.
enum class Form { idx_folder, npy_folder, npz, csv };
Form form_of(const std::string& path);
/// The idx file of a part ("train-images"), plain or compressed, with a hyphen or a dot in its name; empty where there
/// is none.
std::string find_idx(const std::string& folder, const std::string& part);

/// Uncompressed bytes in order: fills `out` as far as there are any, and says how many.
using Source = std::function<std::size_t(char* out, std::size_t count)>;
/// A regular file, plain or gzip. What is no regular file is refused (a pipe or a device may never end, and is gone
/// once it is read), and so is what unpacks to far more than data do.
Source open_source(const std::string& path);
/// So many bytes, fewer at the end of the source; memory grows with what is there, not with what is announced.
std::string read_up_to(const Source& source, std::size_t count, const std::string& path);
/// All of a text of lines. Refused: a zero byte, a line of more than 64 MB, more than this machine has memory for.
std::string read_text(const Source& source, const std::string& path);
/// The beginning of a text of a file as it may stand in a message: one line without controls.
std::string shown(std::string_view text);
/// Whether unpacking is to be given up: the limits on what a compressed file may become.
bool unpacks_to_too_much(double packed_bytes, double bytes);

/// How the numbers of an array are stored.
enum class ByteOrder { little, big };
struct NumberType {
  char kind = 'f';  ///< b (truth values), i, u, f
  std::size_t size = 8;
  ByteOrder order = ByteOrder::little;
};
bool is_supported(const NumberType& type);
std::vector<double> numbers_of(const NumberType& type, std::string_view bytes);

/// A tensor in the idx format of MNIST: magic 0x00 0x00 type rank, big-endian sizes, row-major numbers. Exactly what
/// its header announces is read.
std::string read_idx(const Source& source, const std::string& path);
/// Images [rows × …] with their labels [rows].
Table parse_idx(const std::string& images, const std::string& images_path, const std::string& labels,
                const std::string& labels_path);

/// What the header of an array in the NPY format (versions 1 to 3) says.
struct NpyHeader {
  NumberType type;
  bool fortran_order = false;
  std::vector<Index> shape;
};
/// The Python dictionary of a header: three keys in any order and spacing. Numbers that can not be read are named.
NpyHeader parse_npy_header(std::string_view text, const std::string& path);
/// Exactly what the header announces is read.
std::string read_npy(const Source& source, const std::string& path);
struct NpyArray {
  std::vector<Index> shape;
  std::vector<double> values;  ///< row-major
  bool fortran_order = false;  ///< as it was in the file
};
NpyArray parse_npy(const std::string& bytes, const std::string& path);

/// Points and labels of two arrays, [points × dimension …] and [points].
Table table_of(NpyArray x, const std::string& x_name, NpyArray y, const std::string& y_name);

/// The arrays of a .npz file, as `numpy.savez` writes them: (x, y), or (x_train, y_train, x_test, y_test). `read` gets
/// the name of each
/// ("x", "y", "x_test", "y_test") and its bytes in the NPY format.
void read_npz(const std::string& path, const std::function<void(const std::string& name, std::string bytes)>& read);

/// A table of comma-separated numbers, the label in the last column.
struct CsvTable {
  Table table;
  std::string header;  ///< the line that was taken as the header; empty: none
  std::size_t header_line = 0;
  bool marked_row = false;  ///< a row of numbers behind a byte-order mark
};
CsvTable parse_csv(std::string_view text, const std::string& path, Header header);

}  // namespace fieldscan::data
