#pragma once
#include <string>

namespace fieldscan::scan {

/// The JSON schema (draft-07) of scan files, for editors: keys, kinds, words, ranges and sentences as the reader and
/// `explain` have them.
///
/// It knows one file at a time, and no more of it than its form. What only the reader can say it lets pass: names in
/// expressions, which axis gives what a section leaves out, what fields mean together. What it refuses the reader
/// refuses.
std::string json_schema();

}  // namespace fieldscan::scan
