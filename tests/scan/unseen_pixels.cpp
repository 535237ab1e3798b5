#include "catch.hpp"
#include "helpers.hpp"

/// Strides that leave parts of the image to no filter, and where a key that another kind has belongs.
namespace fieldscan::scan::test {
namespace unseen_pixels {
namespace {

std::string told(const std::string& architecture, int dim = 16) {
  const std::string text =
      "fieldscan: 1\nname: images\nseed: 3\ndata: {input: {kind: gaussian, dim: " + std::to_string(dim) +
      "}, target: linear, train_size: 8, test_size: 6}\nnetwork: {width: 6, architecture: {layers: convolution, " +
      architecture +
      "}}\nridge: 0.1\ntraining: {kind: hmc, samples: 40}\nensemble: {data_draws: 4, chains: 4}\ntheory: "
      "[convolutional_gp]\n";
  std::string out;
  for (const auto& d : read_scan(text, "x.yaml").diagnostics)
    if (d.code == "FS0631") out += d.message + " | " + d.help;
  return out;
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string messages(const std::string& network) {
  std::string out;
  for (const auto& d : read_scan("fieldscan: 1\nnetwork: {" + network + "}\n", "x.yaml").diagnostics)
    if (d.code == "FS0102") out += d.message + " | " + d.help;
  return out;
}

}  // namespace
TEST_CASE("rows and columns that no filter sees are told before the run") {
  const std::string jumped = told("filter: 3, stride: 4");
  CHECK(has(jumped,
            "no filter sees columns 4, 8, 12, 16 (4 of 16) of the image: filters of 3 positions at a stride of 4"));
  CHECK(has(jumped, "| a filter of 4 or more, or a smaller stride"));
  CHECK(has(told("filter: 1, stride: 2"), "columns 2, 4, 6, 8, 10, 12, … (8 of 16)"));
  // Filters at 0, 3, 6, 9 end at 12.
  CHECK(has(told("filter: 4, stride: 3, padding: valid, columns: 15", 15),
            "no filter sees columns 14, 15 (2 of 15) of the image: filters of 4 positions at a stride of 3 end before "
            "them with `padding: valid` | a stride that fits"));
  const std::string both = told("rows: 0, filter: 2, stride: 3, padding: valid");
  CHECK(has(both, "rows 3, 4 (2 of 4) and columns 3, 4 (2 of 4)"));
}

TEST_CASE("filters that see the whole image are not told of") {
  for (const char* all :
       {"filter: 3, stride: 1", "filter: 3, stride: 3", "filter: 4, stride: 4", "filter: 4, stride: 2",
        "filter: 4, stride: 3, padding: valid", "filter: 3, stride: 1, padding: valid", "rows: 0, filter: 2, stride: 2",
        "filter: 3, stride: 2, padding: zero"})
    CHECK(told(all).empty());
}

TEST_CASE("a key that another kind of the same choice has leads there, and not to another section") {
  const std::string told = messages("activation: {kind: tanh, scale: 2}");
  CHECK(has(told, "unknown key 'scale' in network.activation"));
  CAPTURE(told);
  CHECK(has(told, "`scale` is a field of erf; `scales` is a field of combination"));
  CHECK_FALSE(has(told, "network.initial"));
  CHECK(has(messages("activation: {kind: tanh, weights: [2]}"), "`weights` is a field of combination"));
}

}  // namespace unseen_pixels
}  // namespace fieldscan::scan::test
