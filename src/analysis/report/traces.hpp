#pragma once
#include <optional>
#include <string>

#include "../figure/figure.hpp"
#include "../table/table.hpp"
#include "fieldscan/core/matrix.hpp"

/// Traces and ranks of chains, drawn. Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner, "Rank-normalization,
/// folding, and localization: an improved R-hat", Bayesian Analysis 16 (2021), section 5.
namespace fieldscan::analysis {

/// The chains of one data draw, by what is watched of them.
struct Chains {
  const TablePoint* point = nullptr;
  std::int64_t draw = 0;
  std::string watched;             ///< error_train, error_test, f at test point 3
  double rhat = 1;                 ///< of that over these chains
  double every = 1;                ///< samples from one that is kept to the next
  std::vector<std::string> names;  ///< "chain 0"; of one chain its two halves
  Matrix samples;                  ///< [kept × chains]
};

/// Of the points whose chains have traces (`chain_trace`) the data draw with the chain of the largest R-hat, and of
/// what is watched that in which R-hat over its chains is largest. Nothing where there are no traces.
std::optional<Chains> worst_chains(const Table& table);

/// What is watched along the chains.
DrawnFigure trace_of(const Chains& chains);
/// How the ranks of each chain among the samples of all of them are distributed: evenly where they sample the same.
DrawnFigure ranks_of(const Chains& chains);

}  // namespace fieldscan::analysis
