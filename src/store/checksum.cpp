#include <bit>

#include "fieldscan/data/facts.hpp"
#include "implementation.hpp"

namespace fieldscan::store {

namespace {

void append(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value >> shift);
}
void append(std::string& out, std::int64_t value) { append(out, static_cast<std::uint64_t>(value)); }
void append(std::string& out, double value) { append(out, std::bit_cast<std::uint64_t>(value)); }
void append(std::string& out, std::string_view value) {
  append(out, static_cast<std::uint64_t>(value.size()));
  out += value;
}

}  // namespace

std::uint64_t checksum_of(Id owner, const Result& result, std::string_view observed) {
  std::string flat = bytes_of(owner);
  append(flat, result.data_draw);
  append(flat, result.initialisation);
  append(flat, static_cast<std::uint64_t>(result.outcome));
  append(flat, result.reason);
  append(flat, observed);
  append(flat, static_cast<std::uint64_t>(result.rows.size()));
  for (const Row& row : result.rows) {
    append(flat, info(row.observable).name);
    for (const double number : {row.time, row.coordinate, row.value, row.standard_error}) append(flat, number);
    append(flat, row.count);
    append(flat, static_cast<std::uint64_t>(row.flag));
  }
  append(flat, static_cast<std::uint64_t>(result.arrays.size()));
  for (const Array& array : result.arrays) {
    append(flat, info(array.observable).name);
    append(flat, array.time);
    append(flat, static_cast<std::uint64_t>(array.shape.size()));
    for (const std::int64_t extent : array.shape) append(flat, extent);
    append(flat, static_cast<std::uint64_t>(array.data.size()));
    flat.append(reinterpret_cast<const char*>(array.data.data()), array.data.size() * sizeof(double));
  }
  return hash64(flat);
}

std::uint64_t seal_of(const Sealed& sealed) {
  const auto& [outcome, reason, observed, provenance] = sealed.standing;
  std::string flat = bytes_of(sealed.owner);
  append(flat, sealed.draw);
  append(flat, sealed.initialisation);
  append(flat, static_cast<std::uint64_t>(outcome));
  append(flat, std::string_view(reason));
  append(flat, std::string_view(observed));
  append(flat, provenance.seconds);
  append(flat, std::string_view(provenance.host));
  append(flat, static_cast<std::int64_t>(provenance.attempt));
  append(flat, std::string_view(provenance.log_tail));
  append(flat, static_cast<std::uint64_t>(sealed.invalid.has_value()));
  append(flat, std::string_view(sealed.invalid.value_or("")));
  return hash64(flat);
}

std::uint64_t seal_of_owner(Id owner, OwnerKind kind, std::string_view text) {
  std::string flat = bytes_of(owner);
  append(flat, static_cast<std::uint64_t>(kind));
  append(flat, text);
  return hash64(flat);
}

std::uint64_t seal_of_scan(const Store::ScanText& scan, std::int64_t latest) {
  std::string flat;
  for (const std::string* text : {&scan.name, &scan.text, &scan.version, &scan.started})
    append(flat, std::string_view(*text));
  for (const std::string& text : scan.overrides) append(flat, std::string_view(text));
  if (!scan.data.empty()) {
    const Bytes data = data::pack(scan.data);
    append(flat, std::string_view(data.data(), data.size()));
  }
  append(flat, latest);
  return hash64(flat);
}

std::string bytes_of(Id id) {
  std::string bytes;
  for (const std::uint64_t half : {id.high, id.low})
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(half >> shift);
  return bytes;
}

Id id_of(std::string_view bytes) {
  if (bytes.size() != 16) throw StoreError("the store is damaged (an id is not 16 bytes long); restore a copy");
  std::uint64_t halves[2] = {0, 0};
  for (std::size_t i = 0; i < 16; ++i) halves[i / 8] = halves[i / 8] << 8 | static_cast<unsigned char>(bytes[i]);
  return {.high = halves[0], .low = halves[1]};
}

}  // namespace fieldscan::store
