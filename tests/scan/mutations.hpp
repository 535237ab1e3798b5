#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace fieldscan::scan::test {

/// Makes new texts out of valid scans: bytes are changed, lines and values moved, numbers and words replaced by those
/// that hurt. The same seed makes the same texts.
class Mutations {
 public:
  Mutations(std::vector<std::string> corpus, std::uint64_t seed);
  std::string next();

 private:
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  const std::string& any(const std::vector<std::string>& list) { return list[below(list.size())]; }
  void change_bytes(std::string& text);
  void change_range(std::string& text);
  void change_lines(std::string& text);
  void replace_token(std::string& text);
  void wrap_value(std::string& text);
  void alias(std::string& text);
  void add_field(std::string& text);
  std::string token();

  std::vector<std::string> corpus_, tokens_;
  std::mt19937_64 random_;
};

}  // namespace fieldscan::scan::test
