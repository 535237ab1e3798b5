#pragma once
#include <utility>

#include "wish.hpp"

/// What the kinds of figures put on their axes and into their panels.
namespace fieldscan::analysis {

/// The sites of one panel, with its title.
using PanelSites = std::pair<std::string, std::vector<Site>>;

/// Resolves the abscissa of a quantity, and labels the axes of the figure.
void add_axes(const Context& context, const scan::Curves& kind, Wish& wish, DrawnFigure& drawn);
void add_axes(const Context& context, const scan::Map& kind, Wish& wish, DrawnFigure& drawn);
void add_axes(const Context& context, const scan::Regions& kind, Wish& wish, DrawnFigure& drawn);
void add_axes(const Context& context, const scan::Histogram& kind, Wish& wish, DrawnFigure& drawn);

/// Adds a panel, or maps, where there is something to draw.
void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Curves& kind, const PanelSites& part,
              DrawnFigure& drawn);
void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Map& kind, const PanelSites& part,
              DrawnFigure& drawn);
void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Regions& kind,
              const PanelSites& part, DrawnFigure& drawn);
void add_part(const Context& context, const std::vector<Wish>& wishes, const scan::Histogram& kind,
              const PanelSites& part, DrawnFigure& drawn);

}  // namespace fieldscan::analysis
