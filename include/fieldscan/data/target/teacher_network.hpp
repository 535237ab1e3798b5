#pragma once
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::data {

enum class Readout { gaussian, ones, rademacher, power_law };
constexpr auto words(Readout) { return std::array<std::string_view, 4>{"gaussian", "ones", "rademacher", "power_law"}; }

/// The hidden units of a network of one layer, Σ_m amplitude_m φ(weight_m·x/√d).
struct Units {
  Matrix weight = {};     ///< [M × d]
  Vector amplitude = {};  ///< [M]
};

/// A random fully connected network of M units per hidden layer as the target, h¹ = W¹x/√d, hˡ⁺¹ = Wˡ⁺¹φ(hˡ)/√M,
///
///     readout gaussian:   g(x) = s Σ_i a_i φ(h^L_i)/√M,  all weights N(0, 1)
///     readout ones:       g(x) = s Σ_i φ(h^L_i), the soft committee machine
///     rademacher:         a_i = ±1 in the first line
///     power_law:          a_i ∝ i^−exponent with mean square 1 in the first line
///
/// With `normalise: false` and the width of a student these are its own readout of the same law (for χ = 1/N `ones`,
/// otherwise χ = 1).
///
/// `orthogonal` makes the rows of W¹ orthogonal with |w_i|² = d (M ≤ d). `normalise` sets s so that ⟨g²⟩ = 1: in closed
/// form for one hidden layer and normal inputs, otherwise over the reference sample (to about 1%); else s = 1. A
/// narrower teacher is a corner of a wider one.
///
/// Several outputs share the hidden layers, and each has a readout of its own: then ⟨|g|²⟩ = outputs, and the first one
/// is, but for its scale, that of a teacher with one.
struct TeacherNetwork {
  int width = 2;  ///< M
  int depth = 1;
  network::ActivationChoice activation = network::Erf{};
  Readout readout = Readout::gaussian;
  bool normalise = true;
  bool orthogonal = false;
  Redraw draw = Redraw::seed;
  double exponent = 0.5;
  int outputs = 1;

  static constexpr std::string_view kind = "teacher_network";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "A random fully connected network.";
  static auto fields() {
    return std::tuple{
        field("width", &TeacherNetwork::width, "units M of every hidden layer", at_least(1)),
        field("depth", &TeacherNetwork::depth, "number of hidden layers", at_least(1)),
        field("activation", &TeacherNetwork::activation, "nonlinearity of the hidden layers"),
        field("readout", &TeacherNetwork::readout,
              "`gaussian`: random, over √M; `ones`: the plain sum of the units; `rademacher`: ±1 over √M; `power_law`"),
        field("normalise", &TeacherNetwork::normalise, "scale to mean square 1 over the inputs"),
        field("orthogonal", &TeacherNetwork::orthogonal, "orthogonal first-layer weights with |w_i|² = d"),
        field("draw", &TeacherNetwork::draw,
              "`seed`: one teacher for all data draws; `each`: a new one with every draw"),
        field("exponent", &TeacherNetwork::exponent, "of `power_law`: a_i ∝ i^−exponent with mean square 1, over √M",
              non_negative()),
        field("outputs", &TeacherNetwork::outputs, "number of outputs C, of the networks as well; ⟨|g|²⟩ = C",
              at_least(1)),
    };
  }

  struct Function {
    network::Network network;
    Vector theta;
    double scale = 1;
    Matrix unit_directions() const;  ///< rows of the first layer, normalised [M × d]
    Units units() const;             ///< of one hidden layer and one output
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }
  bool operator==(const TeacherNetwork&) const = default;
};

}  // namespace fieldscan::data
