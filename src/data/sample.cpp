#include "sample.hpp"

namespace fieldscan::data {

Sample make_sample(const TargetFunction& function, Examples examples, const Matrix& shuffled) {
  Values values = evaluate(function, examples);
  Sample sample{
      .x = std::move(examples.x), .target = std::move(values.total), .label = {}, .modes = std::move(values.modes)};
  sample.label = shuffled.size() > 0 ? shuffled : sample.target;
  return sample;
}

void add_noise(Sample& sample, double noise, const Stream& stream, std::uint64_t first) {
  if (noise == 0) return;
  const Index outputs = sample.label.cols();
  Vector normals(sample.label.size());
  stream.normals({normals.data(), static_cast<std::size_t>(normals.size())},
                 first * static_cast<std::uint64_t>(outputs));
  sample.label += noise * normals.reshaped(outputs, sample.label.rows()).transpose();
}

}  // namespace fieldscan::data
