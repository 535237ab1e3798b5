#include "kinds.hpp"

#include <fmt/format.h>

#include "../formula/sites.hpp"
#include "../test/shared.hpp"
#include "../text/axis_words.hpp"
#include "ended.hpp"
#include "histogram.hpp"
#include "map.hpp"
#include "panel.hpp"
#include "regions.hpp"

namespace fieldscan::analysis {

void add_axes(const Context& context, const scan::Curves& kind, Wish& wish, DrawnFigure& drawn) {
  const std::string& versus = kind.versus.at(0).text;
  drawn.x_label = axis_words(versus);
  drawn.y_label += (drawn.y_label.empty() ? "" : ", ") + axis_words(wish.of);
  drawn.log_x = kind.scale && scan::is_log_x(*kind.scale);
  drawn.log_y = kind.scale && scan::is_log_y(*kind.scale);
  const bool shares = kind.ranges == scan::Curves::Ranges::shared;
  drawn.ranges = shares ? DrawnFigure::Ranges::shared : DrawnFigure::Ranges::own;
  wish.versus = context.resolve(versus);
  wish.free = names_in(wish.versus);
}

void add_axes(const Context& context, const scan::Map& kind, Wish& wish, DrawnFigure& drawn) {
  drawn.x_label = axis_words(kind.versus.at(0).text);
  drawn.y_label = axis_words(kind.versus.at(1).text);
  drawn.caption = fmt::format("Numbers: {}.", axis_words(wish.of));
  wish.versus = context.resolve(kind.versus[0].text);
  wish.free = names_in(wish.versus);
}

void add_axes(const Context& context, const scan::Regions& kind, Wish& wish, DrawnFigure& drawn) {
  drawn.x_label = axis_words(kind.versus.at(0).text);
  drawn.y_label = axis_words(kind.versus.at(1).text);
  wish.plot = context.resolve(carrier_of(wish.figure));
  wish.versus = context.resolve(kind.versus[0].text);
  wish.free = names_in(wish.versus);
}

void add_axes(const Context&, const scan::Histogram& kind, Wish& wish, DrawnFigure& drawn) {
  drawn.x_label = axis_words(wish.of);
  drawn.y_label = mentions_measurement(wish.plot) ? "density over networks" : "density over data draws";
  drawn.log_y = kind.scale && scan::is_log_y(*kind.scale);
}

void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Curves& kind, const PanelSites& part,
              DrawnFigure& drawn) {
  Panel panel = make_panel(context, wishes, kind, part.first, part.second);
  if (!panel.curves.empty())
    drawn.panels.push_back(std::move(panel));
  else if (const std::string words = words_of_no_panel(panel); !words.empty())
    drawn.caption += (drawn.caption.empty() ? "" : " ") + words;
}

void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Map& kind, const PanelSites& part,
              DrawnFigure& drawn) {
  Map map = make_map(context, wishes.front(), kind, part.first, part.second);
  if (!map.cells.empty()) drawn.maps.push_back(std::move(map));
}

void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Regions& kind,
              const PanelSites& part, DrawnFigure& drawn) {
  for (Map& map : make_regions(context, wishes.front(), kind, part.first, part.second))
    drawn.maps.push_back(std::move(map));
  put_pairs_first(drawn.maps);
  drawn.caption = fmt::format(
      "Distance of the measured {} from each theory, which holds where its 95 % interval lies within {}, and fails where "
      "it lies outside; the rest is open: across the margin, or of too few members for an interval. {}",
      axis_words(wishes.front().of), text_of(*kind.within), tally_of(drawn.maps));
}

void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Histogram&, const PanelSites& part,
              DrawnFigure& drawn) {
  Panel panel = make_histogram(context, wishes.front(), part.first, part.second);
  if (!panel.curves.empty()) drawn.panels.push_back(std::move(panel));
}

}  // namespace fieldscan::analysis
