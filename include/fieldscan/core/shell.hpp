#pragma once
#include <string>
#include <string_view>

namespace fieldscan {

/// A text as one word for the shell: in single quotes where it holds anything but letters, digits and / . _ - + = : ,
/// or nothing. The shell reads back the same bytes, whatever they are; a NUL, which no word can hold, ends the text.
std::string shell_word(std::string_view text);

}  // namespace fieldscan
