#include "fewer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/axis_words.hpp"

namespace fieldscan::analysis {

namespace fewer {
namespace {

/// Ends without a number.
Marks lost() {
  Marks marks = 0;
  for (const Outcome outcome : {Outcome::diverged, Outcome::numerical_error, Outcome::not_applicable, Outcome::failed})
    marks |= mark_of(outcome);
  return marks;
}

/// `waiting`: of a point none of whose members ended without a number.
std::string words_of_others(Marks marks, bool waiting) {
  const Marks ends = marks & lost();
  if (ends == 0) return "the others are not there yet";
  return (ends == mark_of(Outcome::diverged) ? std::string("the others diverged")
                                             : "how others ended: " + words_of_marks(ends)) +
         (waiting ? ", or are not there yet" : "");
}

/// The point of a figure that lacks most.
struct Least {
  const DrawnCurve* curve = nullptr;
  std::size_t k = 0;
  Marks marks = 0;       ///< of all
  bool waiting = false;  ///< there is one that lacks what is not there yet
  void look_at(const DrawnCurve& c, std::size_t at) {
    marks |= c.basis[at].marks;
    waiting = waiting || (c.basis[at].marks & lost()) == 0;
    const Basis& here = c.basis[at];
    const bool first = curve == nullptr;
    if (!first && here.members * curve->basis[k].asked >= curve->basis[k].members * here.asked) return;
    curve = &c;
    k = at;
  }
};

}  // namespace
}  // namespace fewer

bool is_fewer(const DrawnCurve& c, std::size_t k) { return k < c.basis.size() && c.basis[k].fewer(); }

bool has_fewer(const DrawnCurve& c) { return std::ranges::any_of(c.basis, &Basis::fewer); }

bool has_fewer(const Panel& panel) {
  return std::ranges::any_of(panel.curves, [](const DrawnCurve& c) { return has_fewer(c); });
}

void draw_fewer(std::string& svg, double x, double y) {
  svg += fmt::format(R"(<circle fill="#fff" stroke="#1b1f24" stroke-width="1" cx="{:.1f}" cy="{:.1f}" r="1.8"/>)",
                     x + 5.5, y - 5.5);
}

std::string words_of_fewer(const DrawnFigure& figure) {
  fewer::Least least;
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& c : panel.curves)
      for (std::size_t k = 0; k < c.x.size(); ++k)
        if (is_fewer(c, k)) least.look_at(c, k);
  if (!least.curve) return "";
  const DrawnCurve& c = *least.curve;
  const std::string name = label_words(c.name()), of = c.with + (c.with.empty() || name.empty() ? "" : ", ") + name;
  return fmt::format("A dot beside a point: {}, {} of {} at the least ({}{}at {:.4g}); {}", fewer_words,
                     c.basis[least.k].members, c.basis[least.k].asked, of, of.empty() ? "" : ", ", c.x[least.k],
                     fewer::words_of_others(least.marks, least.waiting));
}

}  // namespace fieldscan::analysis
