#pragma once
#include <map>
#include <string>

#include "along.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// Where curves have no number since every member has ended without one: points that a drawing does not show.
class Ended {
 public:
  /// `versus`: the abscissa, as the file has it.
  explicit Ended(std::string versus) : versus_(std::move(versus)) {}
  /// Those of a curve of that name.
  void add(const Along& along, const std::string& name);
  bool empty() const { return places_.empty(); }
  /// "No numbers: width = 4 at learning_rate = 3, 5; width = 8 (all 12 replicas diverged)", a remark for every way to
  /// end. `quantity`: which one has none, where the figure shows several: "No numbers of diverged: …".
  void tell(Panel& panel, const std::string& quantity = {}) const;

 private:
  std::string versus_;
  std::map<std::string, std::string> places_;  ///< by how all have ended
};

/// What a caption says of a panel that has no curve: its remarks, with its title.
std::string words_of_no_panel(const Panel& panel);

}  // namespace fieldscan::analysis
