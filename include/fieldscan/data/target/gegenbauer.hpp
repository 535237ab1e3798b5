#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// A function of one direction with a given power in every level of spherical harmonics.
///
///     g(x) = Σ_l √(c_l N(d,l)) P_l(w·x/|x|)
///
/// w uniform on the unit sphere, P_l the Gegenbauer (Legendre) polynomial of dimension d with P_l(1) = 1, N(d,l) the
/// number of harmonics of level l. Since ⟨P_l²⟩ = 1/N(d,l) over uniform directions, level l has ⟨g_l²⟩ = c_l, and
/// levels are orthogonal. Needs d ≥ 2 and inputs of uniform direction. Source: Bach, "Breaking the curse of
/// dimensionality with convex neural networks", JMLR 18 (2017), appendix on spherical harmonics.
struct Gegenbauer {
  std::map<int, double> levels = {{1, 1.0}};  ///< level l → power c_l
  Redraw draw = Redraw::seed;

  static constexpr std::string_view kind = "gegenbauer";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "One random direction, with given power per level of spherical harmonics.";
  static auto fields() {
    return std::tuple{
        field("levels", &Gegenbauer::levels, "power c_l of every level l; ⟨g²⟩ is their sum", non_negative())
            .required(),
        field("draw", &Gegenbauer::draw, "`seed`: one direction for all data draws; `each`: a new one with every draw"),
    };
  }

  struct Function {
    Vector direction;                               ///< w, |w| = 1
    std::vector<std::pair<int, double>> amplitude;  ///< l, √(c_l N(d,l))
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const;  ///< the levels with c_l > 0
  std::optional<std::string> problem() const;
  bool operator==(const Gegenbauer&) const = default;
};

/// Number of spherical harmonics of level l in dimension d ≥ 1: N(d,0) = 1, N(d,l) = (2l + d − 2)/l · C(l + d − 3, l −
/// 1).
double harmonics_count(int dimension, int level);

/// P_0(t) … P_L(t) as columns [points × (L + 1)], by (l + d − 2) P_{l+1} = (2l + d − 2) t P_l − l P_{l−1}; d ≥ 2.
Matrix gegenbauer_values(const VectorView& t, int dimension, int level);

}  // namespace fieldscan::data
