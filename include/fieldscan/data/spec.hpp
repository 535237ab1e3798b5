#pragma once
#include <array>
#include <optional>
#include <string>

#include "fieldscan/core/field.hpp"
#include "fieldscan/data/input/list.hpp"
#include "fieldscan/data/target/list.hpp"

namespace fieldscan::data {

enum class TrainSizeWord { online, whole };
constexpr auto words(TrainSizeWord) { return std::array<std::string_view, 2>{"online", "whole"}; }
enum class TestSizeWord { rest, exact };
constexpr auto words(TestSizeWord) { return std::array<std::string_view, 2>{"rest", "exact"}; }
enum class TestSet { fresh, shared };
constexpr auto words(TestSet) { return std::array<std::string_view, 2>{"fresh", "shared"}; }
enum class Labels { given, shuffled };
constexpr auto words(Labels) { return std::array<std::string_view, 2>{"given", "shuffled"}; }

/// What the networks are asked to learn.
struct Spec {
  InputChoice input = Sphere{};
  TargetChoice target = Linear{};
  double noise = 0;  ///< standard deviation of the label noise
  OrWord<int, TrainSizeWord> train_size = 100;
  OrWord<int, TestSizeWord> test_size = 1000;
  int validation_size = 0;
  TestSet test_set = TestSet::fresh;
  Labels labels = Labels::given;
  TestFrom test_from = TestFrom::automatic;

  static auto fields() {
    return std::tuple{
        field("input", &Spec::input, "distribution of the inputs"),
        field("target", &Spec::target, "function that the labels follow"),
        field("noise", &Spec::noise, "standard deviation σ of the label noise", non_negative()),
        field("train_size", &Spec::train_size,
              "training points P; `whole`: every input of a finite set; `online`: a fresh example at every step",
              at_least(1)),
        field("test_size", &Spec::test_size,
              "test points; `rest`: what the training set leaves; `exact`: the population error of linear networks "
              "and targets, by d points whose mean of squares is that of the inputs",
              at_least(1)),
        field("validation_size", &Spec::validation_size, "validation points", non_negative()),
        field("test_set", &Spec::test_set, "`fresh`: redrawn with every data draw; `shared`: one for all draws"),
        field("labels", &Spec::labels, "`shuffled`: training labels permuted over the pool, as a control"),
        field("test_from", &Spec::test_from,
              "of a file: `pool`: test points are training rows that are held out; `files`: those of its test files; "
              "`auto`: of test files where there are any"),
    };
  }
  std::optional<std::string> problem() const;
  bool operator==(const Spec&) const = default;
};

}  // namespace fieldscan::data
