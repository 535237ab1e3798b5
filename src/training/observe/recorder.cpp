#include "recorder.hpp"

#include <cmath>

#include <fmt/format.h>

#include "../replica.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/network/order_parameters.hpp"
#include "order_parameters.hpp"
#include "overlap.hpp"

namespace fieldscan::training {

Recorder::Recorder(const Problem& problem, const network::Network& network, const ObservePlan& plan,
                   const Vector& start)
    : problem_(problem),
      network_(network),
      plan_(plan),
      reader_(problem, network, plan, &start),
      result_(start_result(problem, plan)) {
  if (!network.spec().centred) return;
  offset_train_ = network.evaluate(start, problem.data.train.x);
  offset_test_ = network.evaluate(start, problem.data.test.x);
  offset_validation_ = network.evaluate(start, problem.data.validation.x);
}

Output Recorder::output_of(const Vector& theta, const data::Sample& sample, const Vector& offset) const {
  Output output{.mean = network_.evaluate(theta, sample.x), .variance = {}};
  if (offset.size() > 0) output.mean -= offset;
  return output;
}

bool Recorder::record(const Vector& theta, double time, Moment moment) {
  const bool store_predictor = wants_predictor(plan_) && (moment == Moment::end || plan_.predictor_on_grid);
  const data::Draw& data = problem_.data;
  Outputs outputs;
  outputs.loss = problem_.loss;
  std::vector<Reading> readings;
  std::vector<Array> matrices;
  if (data.train.x.rows() > 0 && wants_outputs(plan_, Need::train_outputs))
    outputs.train = output_of(theta, data.train, offset_train_);
  const bool confused = moment == Moment::end && plan_.has(listed("confusion"));
  if (data.test.x.rows() > 0 && (store_predictor || confused || wants_outputs(plan_, Need::test_outputs)))
    outputs.test = output_of(theta, data.test, offset_test_);
  if (data.validation.x.rows() > 0 && wants_outputs(plan_, Need::validation_outputs))
    outputs.validation = output_of(theta, data.validation, offset_validation_);
  read_outputs(data, outputs, plan_, readings);
  if (confused) read_confusion(data, outputs, plan_, matrices);
  if (wants(plan_, Need::parameters)) read_norms(network_, squared_norms(network_, theta), plan_, readings);
  if (wants(plan_, Need::first_layer)) read_overlaps(network_, theta, data.directions, plan_, readings);
  if (moment == Moment::end || plan_.view_of(Observable::order_parameters).moments == Moments::all)
    read_order_parameters(network_, theta, data.directions, plan_, matrices);
  reader_.read(theta, moment, readings, matrices);
  bool finite = theta.allFinite();
  for (const Reading& reading : readings) {
    if (std::isfinite(reading.value))
      result_.rows.push_back(
          {.observable = reading.observable, .time = time, .coordinate = reading.coordinate, .value = reading.value});
    else
      finite = false;
  }
  if (store_predictor && outputs.test.mean.size() > 0 && outputs.test.mean.allFinite())
    result_.arrays.push_back(predictor_array(time, outputs.test.mean, network_.outputs()));
  for (Array& matrix : matrices) {
    matrix.time = time;
    result_.arrays.push_back(std::move(matrix));
  }
  return finite;
}

Result Recorder::finish(std::int64_t steps, double time, Outcome outcome, std::string reason) {
  if (plan_.has(Observable::steps_done))
    result_.rows.push_back({.observable = Observable::steps_done, .time = time, .value = static_cast<double>(steps)});
  if (end_time_ && (*end_time_ < time || plan_.has(Observable::end_time)))
    result_.rows.push_back({.observable = Observable::end_time, .time = time, .value = *end_time_});
  network::order_units(result_.arrays);
  result_.outcome = outcome;
  result_.reason = std::move(reason);
  return std::move(result_);
}

}  // namespace fieldscan::training
