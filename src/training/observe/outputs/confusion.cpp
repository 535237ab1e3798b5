#include "../measure.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/data/classes.hpp"

namespace fieldscan::training {

void read_confusion(const data::Draw& data, const Outputs& outputs, const ObservePlan& plan, std::vector<Array>& out) {
  if (!plan.has(listed("confusion")) || outputs.test.mean.size() == 0) return;
  const Matrix& target = data.test.target;
  const Matrix shares =
      data::confusion_of(data::Classes(outputs.test.mean, outputs.test.variance, target.cols()), target);
  out.push_back({.observable = listed("confusion"),
                 .shape = {shares.rows(), shares.cols()},
                 .data = {shares.data(), shares.data() + shares.size()}});  // columns are rows of [target, output]
}

}  // namespace fieldscan::training
