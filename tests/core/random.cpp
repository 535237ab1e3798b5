#include "fieldscan/core/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "catch.hpp"
#include "fieldscan/core/hash.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;

namespace {

Stream stream(std::uint64_t r = 0, std::uint64_t i = 0) { return {7, Purpose::test, "a text", r, i}; }

/// The bits of number k, from the published implementation.
std::uint64_t reference_bits(const Stream& s, std::uint32_t a, std::uint32_t b, std::uint64_t k) {
  const std::uint64_t index = k / 2;
  const r123::Philox4x32::ctr_type counter{
      {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), a, b}};
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(s.key()), static_cast<std::uint32_t>(s.key() >> 32)}};
  const auto x = r123::Philox4x32{}(counter, key);
  return k % 2 == 0 ? (std::uint64_t{x[0]} << 32) | x[1] : (std::uint64_t{x[2]} << 32) | x[3];
}

}  // namespace

TEST_CASE("uniforms are Random123's Philox bits in the middle of their cell") {
  const Stream s = stream(3, 4).at(5, 6);
  for (const std::uint64_t k : {0ull, 1ull, 2ull, 1001ull, (1ull << 40) + 1}) {
    const double expected = (static_cast<double>(reference_bits(s, 5, 6, k) >> 11) + 0.5) / 9007199254740992.0;
    CHECK(s.uniform(k) == expected);
  }
}

TEST_CASE("normals are Box and Muller's, to a few last places") {
  const Stream s = stream();
  for (std::uint64_t k = 0; k < 20000; k += 2) {
    const double u = (static_cast<double>(reference_bits(s, 0, 0, k) >> 11) + 0.5) / 9007199254740992.0;
    const double v = static_cast<double>(reference_bits(s, 0, 0, k + 1) >> 11) / 9007199254740992.0;
    const long double radius = std::sqrt(-2.0L * std::log(static_cast<long double>(u)));
    const long double angle = 2.0L * 3.14159265358979323846264338327950288L * v;
    REQUIRE(std::abs(s.normal(k) - static_cast<double>(radius * std::cos(angle))) <= 4e-15);
    REQUIRE(std::abs(s.normal(k + 1) - static_cast<double>(radius * std::sin(angle))) <= 4e-15);
  }
}

TEST_CASE("normals are the same bits on every instruction set") {
  // The hash of builds for x86-64, x86-64-v3 and x86-64-v4; with the flags of src/core/random.cpp any other gives it
  // too.
  std::vector<double> z(200001);
  stream().normals(z, 1);
  CHECK(hash64({reinterpret_cast<const char*>(z.data()), z.size() * sizeof(double)}) == 0xa15b18aa297c4a2cull);
}

TEST_CASE("many normals are the same bits as one at a time, from any start") {
  const Stream s = stream().at(1, 2);
  for (const std::uint64_t first : {0ull, 1ull, 63ull, 128ull, (1ull << 33) - 50, (3ull << 40) + 7})
    for (const std::size_t count : {0ull, 1ull, 2ull, 127ull, 129ull, 400ull}) {
      std::vector<double> out(count);
      s.normals(out, first);
      for (std::size_t i = 0; i < count; ++i) REQUIRE(out[i] == s.normal(first + i));
    }
}

TEST_CASE("normals of single precision are Box and Muller's of a counter's four words") {
  // The uniform of the radius has 31 bits rounded to 24, the angle 24; each of the few roundings is of 6e-8 of a number
  // of at most 6.7.
  const Stream s = stream();
  std::vector<float> out(40000);
  s.normals(out);
  for (std::uint64_t k = 0; k < out.size(); k += 2) {
    const std::uint64_t bits = reference_bits(s, 0, 0, k / 2);
    const double u = static_cast<float>((static_cast<double>(bits >> 33) + 0.5) / 2147483648.0);
    const double angle = 2 * M_PI * (static_cast<double>((bits & 0xFFFFFFFFu) >> 8) / 16777216.0);
    const double radius = std::sqrt(-2 * std::log(u));
    REQUIRE(std::abs(out[k] - radius * std::cos(angle)) <= 1e-6);
    REQUIRE(std::abs(out[k + 1] - radius * std::sin(angle)) <= 1e-6);
  }
}

TEST_CASE("normals of single precision are the same bits on every instruction set, and from any start") {
  const Stream s = stream().at(1, 2);
  std::vector<float> all(200000);
  s.normals(all);
  // The hash of builds for x86-64, x86-64-v3 and x86-64-v4.
  CHECK(hash64({reinterpret_cast<const char*>(all.data()), all.size() * sizeof(float)}) == 0x5c19eb817eb3287dull);
  for (const std::size_t first : {0, 1, 2, 3, 255, 256, 1021})
    for (const std::size_t count : {0, 1, 2, 3, 4, 5, 255, 258, 1000}) {
      std::vector<float> out(count);
      s.normals(out, first);
      REQUIRE(std::equal(out.begin(), out.end(), all.begin() + static_cast<std::ptrdiff_t>(first)));
    }
}

TEST_CASE("the moments of normals are those of the normal law, with both tails looked at") {
  // 2·10⁶ numbers; every moment within 4.5 standard errors (odds of a false alarm below 1e-4 in all), and a shifted law
  // is found.
  const std::size_t count = 2000000;
  const bool single = GENERATE(false, true);
  CAPTURE(single);
  std::vector<double> x(count);
  if (single) {
    std::vector<float> y(count);
    stream(1).normals(y);
    x.assign(y.begin(), y.end());
  } else {
    stream(1).normals(x);
  }
  const auto z_of_moment = [&](double shift, int order, double mean, double variance) {
    double sum = 0;
    for (const double value : x) sum += std::pow(value + shift, order);
    return (sum / static_cast<double>(count) - mean) / std::sqrt(variance / static_cast<double>(count));
  };
  for (const double shift : {0.0, 0.01}) {
    const bool fair = shift == 0;
    CHECK((std::abs(z_of_moment(shift, 1, 0, 1)) < 4.5) == fair);
  }
  CHECK(std::abs(z_of_moment(0, 2, 1, 2)) < 4.5);
  CHECK(std::abs(z_of_moment(0, 3, 0, 15)) < 4.5);
  CHECK(std::abs(z_of_moment(0, 4, 3, 96)) < 4.5);
  std::size_t beyond = 0;
  for (const double value : x) beyond += std::abs(value) > 4;
  const double expected = 2 * normal_cdf(-4) * static_cast<double>(count);
  CHECK(std::abs(static_cast<double>(beyond) - expected) < 4.5 * std::sqrt(expected));
}

TEST_CASE("streams differ in everything they are keyed by") {
  std::set<std::uint64_t> keys;
  for (const std::uint64_t seed : {1, 2})
    for (const auto purpose : {Purpose::train_inputs, Purpose::test_inputs})
      for (const char* text : {"", "a"})
        for (const std::uint64_t r : {0, 1})
          for (const std::uint64_t i : {0, 1}) keys.insert(Stream(seed, purpose, text, r, i).key());
  CHECK(keys.size() == 32);
  CHECK(stream().at(0, 1).normal(0) != stream().at(1, 0).normal(0));
}

TEST_CASE("permutations hold every number once and are uniform") {
  const auto order = stream().permutation(1000);
  CHECK(std::set<Index>(order.begin(), order.end()).size() == 1000);
  CHECK(*std::max_element(order.begin(), order.end()) == 999);
  // Where 0 of five goes: χ² of 4 degrees of freedom over 5000 permutations, both tails at 1e-4.
  std::array<double, 5> counts{};
  for (std::uint64_t k = 0; k < 5000; ++k) {
    const auto p = stream(k).permutation(5);
    counts.at(static_cast<std::size_t>(std::find(p.begin(), p.end(), 0) - p.begin())) += 1;
  }
  double chi2 = 0;
  for (const double c : counts) chi2 += (c - 1000) * (c - 1000) / 1000;
  const double p = chi_squared_cdf(chi2, 4);
  CHECK(p > 1e-4);
  CHECK(p < 1 - 1e-4);
  // The last two change places as often as not: 4000 pairs, four standard deviations.
  int kept = 0;
  for (std::uint64_t k = 0; k < 4000; ++k) kept += stream(k).permutation(2).front() == 0 ? 1 : 0;
  CHECK(std::abs(kept - 2000) < 4 * 32);
}
