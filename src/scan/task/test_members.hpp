#pragma once
#include <optional>

#include "../statement/symbols.hpp"
#include "fieldscan/scan/task/test_members.hpp"

namespace fieldscan::scan {

/// Counts the members of tests, point by point.
class MembersOfTests {
 public:
  MembersOfTests(const Symbols& symbols, const std::vector<Test>& tests, const std::vector<Define>& definitions);
  void see(const Point& point);
  const std::vector<TestMembers>& found() const { return found_; }

 private:
  struct Asked {
    bool measured = false;                      ///< else it is about predictions
    bool in_time = false;                       ///< not at the end alone: there chains are crossed with the draws
    bool direct = false;                        ///< mentions results beside those of definitions
    std::optional<Mentions> where = {};         ///< of the test
    std::vector<Mentions> of_definitions = {};  ///< conditions of the definitions that it mentions: one must hold
    std::optional<Mentions> versus = {};        ///< a formula of fields alone
    std::optional<Window> window = {};
    std::set<std::string> theories = {};  ///< whose predictions it can not do without
  };
  /// Why a theory of the test says nothing at a point; empty where all of them do.
  static std::string inapplicable(const Asked& asked, const Point& point);
  /// What a formula needs of the ensemble, by itself and through definitions; whether it needs any.
  bool add(const std::string& formula, int depth, Asked& asked) const;
  bool selects(const Asked& asked, const Point& point) const;

  const Symbols& symbols_;
  const std::vector<Define>& definitions_;
  std::vector<Asked> asked_;
  std::vector<TestMembers> found_;
};

}  // namespace fieldscan::scan
