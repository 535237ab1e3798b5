#include "fieldscan/core/observable.hpp"
#include "fieldscan/scan/statement/figure.hpp"

namespace fieldscan::scan {

std::vector<Fault> Histogram::faults(const Figure& figure, const GivenKeys& given) const {
  std::vector<Fault> faults;
  const std::string observable = plot_of(figure).text.substr(plot_of(figure).text.rfind('.') + 1);
  if (given.contains("plot") && !find_observable(observable))
    faults.push_back(
        {.key = {}, .message = "a histogram shows one observable over the networks", .help = "plot: error_test"});
  if (scale && is_log_x(*scale))
    faults.push_back({.key = "scale", .message = "a histogram has a linear horizontal axis", .help = "scale: log-y"});
  return faults;
}

}  // namespace fieldscan::scan
