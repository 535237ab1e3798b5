#include "style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "fieldscan/core/printable.hpp"

namespace fieldscan::analysis {
namespace {

/// Okabe and Ito, "Color universal design" (2008), without the yellow that is lost on white; then darker ones; last a
/// neutral one for what belongs to no group.
constexpr std::array<std::string_view, 13> palette{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
                                                   "#56b4e9", "#7f3c8d", "#805d00", "#3969ac", "#a5aa99",
                                                   "#008695", "#cf1c90", "#555b61"};
/// On dark paper.
constexpr std::array<std::string_view, 13> palette_dark{"#4aa8e0", "#ff8a3d", "#2fc99b", "#e39cc3", "#f2b635",
                                                        "#8acbf0", "#bd8bca", "#c79f45", "#83aae6", "#c3c8b6",
                                                        "#3fb6c2", "#ef6cba", "#aeb6be"};
/// Steps of viridis (van der Walt and Smith, 2015), without the end that is lost on the paper.
constexpr std::array<std::string_view, 12> ramp{"#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e",
                                                "#2a788e", "#23888e", "#1f988b", "#22a884", "#35b779", "#54c568"};
constexpr std::array<std::string_view, 12> ramp_dark{"#6f7fd0", "#5f86cf", "#4f8fc9", "#409abf", "#33a5b4", "#2bb0a6",
                                                     "#36bb95", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725"};
/// Fits have short dashes; dots alone are what is beyond a stated range, of every theory in a rhythm of its own.
constexpr std::array<std::string_view, 11> dashes{"none", "none", "7 4", "12 3",    "9 3 2 3",    "4 2",
                                                  "1 3",  "1 3",  "1 7", "1 3 1 9", "1 3 1 3 1 9"};

template <std::size_t n>
std::string colour_rules(char letter, const std::array<std::string_view, n>& colours) {
  std::string css;
  for (std::size_t k = 0; k < n; ++k) css += fmt::format(".figure .{}{}{{color:{}}}", letter, k, colours[k]);
  return css;
}

std::string dash_rules() {
  std::string css;
  for (std::size_t k = 0; k < dashes.size(); ++k)
    css += fmt::format(".figure .d{}{{stroke-dasharray:{}}}", k, dashes[k]);
  return css;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

Colour palette_colour(std::size_t k) {
  const std::size_t index = k % palette.size();
  return {.name = fmt::format("c{}", index), .hex = palette[index]};
}

Colour ramp_colour(std::size_t k, std::size_t n) {
  const double part = n > 1 ? static_cast<double>(k) / static_cast<double>(n - 1) : 0;
  const auto index = static_cast<std::size_t>(std::lround(part * static_cast<double>(ramp.size() - 1)));
  return {.name = fmt::format("r{}", index), .hex = ramp.at(index)};
}

std::string_view dash_pattern(std::size_t dash) { return dashes.at(dash); }

std::string map_colour(double part) {
  const double t = std::clamp(part, 0.0, 1.0);
  const auto mix = [&](double light, double dark) { return static_cast<int>(light + t * (dark - light)); };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(222, 8), mix(235, 48), mix(247, 107));
}

std::string_view word_colour(std::string_view word) {
  if (word == "holds") return "#009e73";
  if (word == "fails") return "#d55e00";
  if (word == "inside") return "#1f6fb2";
  return word == "outside" ? "#7d4f8f" : "#8b939b";
}

std::string figure_style() {
  return ".figure{font:12px system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;color:#1b1f24}"
         ".figure text{fill:currentColor}.figure .strong{font-weight:600}"
         ".figure .key{fill-opacity:.75}.figure .halo{paint-order:stroke;stroke:#fff;stroke:var(--paper,#fff);stroke-width:3px;"
         "stroke-linejoin:round}.figure .axis{stroke:currentColor;stroke-width:1;fill:none}"
         ".figure .grid{stroke:currentColor;stroke-width:.6;opacity:.13}"
         ".figure .line{fill:none;stroke:currentColor;stroke-width:1.7}.figure .thin{stroke-width:1}"
         ".figure .faint{fill:none;stroke:currentColor;stroke-width:1;opacity:.3}"
         ".figure .spots{fill:none;stroke:currentColor;stroke-width:4;stroke-linecap:round;opacity:.28}"
         ".figure .bar{fill:none;stroke:currentColor;stroke-width:1.3}"
         ".figure .band{fill:currentColor;opacity:.1;stroke:none}.figure .window{fill:currentColor;opacity:.05}"
         ".figure .open{fill:none;stroke:currentColor;stroke-width:1.3}"
         ".figure .hollow{fill:#fff;fill:var(--paper,#fff);stroke:currentColor;stroke-width:1.3}"
         ".figure g[class] circle:not([class]),.figure g[class] path:not([class]){fill:currentColor}"
         ".figure .mark{stroke:currentColor;stroke-dasharray:3 3;opacity:.6;fill:none}"
         ".figure [data-key].off{opacity:.35}.figure .cell-text{font-size:11px}.figure .on-light{fill:#1b1f24}.figure .on-dark{fill:#fff}" +
         colour_rules('c', palette) + colour_rules('r', ramp) + dash_rules();
}

std::string page_style() {
  const std::string dark =
      ":root{--ink:#e4e7eb;--quiet:#a3adb8;--paper:#14171a;--line:#30363d;--soft:#1c2126;--yes:#3ecf9a;--no:#ff9355;"
      "--open:#e3b341}.figure .faint{opacity:.5}" +
      colour_rules('c', palette_dark) + colour_rules('r', ramp_dark);
  return ":root{color-scheme:light dark;--ink:#1b1f24;--quiet:#5b6570;--paper:#fff;--line:#dfe3e8;--soft:#f6f7f9;"
         "--yes:#00714f;--no:#b8420a;--open:#7a5c00}@media screen and (prefers-color-scheme:dark){" +
         dark +
         "}*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}"
         "body{margin:0 auto;max-width:66rem;padding:2rem 1.25rem 4rem;font:16px/1.5 system-ui,'Segoe UI',Roboto,"
         "'DejaVu Sans',sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:break-word}"
         "h1{font-size:1.8rem;line-height:1.2;margin:.2em 0}h2{font-size:1.2rem;margin:2.4em 0 .6em;border-bottom:1px "
         "solid var(--line);padding-bottom:.25em}p.lead{font-size:1.1rem;margin:.3em 0;max-width:46rem}"
         ".quiet{color:var(--quiet)}a{color:inherit}.scroll{overflow-x:auto}"
         "table{border-collapse:collapse;width:100%;font-size:.92rem}"
         "th,td{text-align:left;vertical-align:top;padding:.42em .9em .42em 0;border-bottom:1px solid var(--line)}"
         "th{color:var(--quiet);font-weight:600}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:"
         "tabular-nums}tr>*:last-child{padding-right:0}.scroll td:first-child{min-width:9.5rem}.scroll .brief "
         "td:first-child{min-width:6rem}"
         ".verdict{font-weight:650;white-space:nowrap}.supported{color:var(--yes)}.contradicted{color:var(--no)}"
         ".undecided,.unsettled{color:var(--open)}.tests>li>.unsettled{color:var(--open)}"
         ".tests{list-style:none;margin:0;padding:0}.tests>li{padding:.8em 0 .8em 1em;border-bottom:1px solid "
         "var(--line);border-left:3px solid currentColor;margin:.6em 0;background:var(--soft)}"
         ".tests>li>*{color:var(--ink);margin:0 1em .2em 0}.tests>li>.quiet{color:var(--quiet)}"
         ".tests>li .verdict.supported{color:var(--yes)}.tests>li .verdict.contradicted{color:var(--no)}"
         ".tests>li .verdict.undecided{color:var(--open)}.tests h3{font-size:1rem;display:inline;margin-right:.6em}"
         "details{margin:.4em 0}summary{cursor:pointer;color:var(--quiet)}"
         "pre{background:var(--soft);padding:1em;overflow-x:auto;font-size:.82rem;line-height:1.45;border-radius:4px}"
         ".figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:2.2rem 2rem}"
         "figure{margin:0;min-width:0}figure.wide{grid-column:1/"
         "-1}figcaption{font-weight:600;margin-bottom:.5em;line-height:1.35}"
         "figcaption small{display:block;font-weight:400;color:var(--quiet);font-size:.86rem}"
         "svg.figure{display:block;width:100%;height:auto;color:var(--ink)}"
         ".files{font-size:.84rem;color:var(--quiet);margin:.4em 0 0}"
         "dl{margin:0}dt{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.88rem}"
         "dd{margin:0 0 .6em;color:var(--quiet)}"
         "@media(max-width:40rem){body{padding:1.2rem 1rem 3rem}h1{font-size:1.5rem}table{font-size:.86rem}"
         "th,td{padding-right:.7em}}.words{white-space:pre-wrap}"
         ".banner{border-left:3px solid var(--open);background:var(--soft);padding:.6em 1em;margin:.8em 0}"
         "@media print{details::details-content{content-visibility:visible;display:block;height:auto}"
         "body{max-width:none;font-size:10pt;padding:0}details>pre{white-space:pre-wrap}"
         "figure,tr{break-inside:avoid}h2,h3,.tests>li>p{break-after:avoid}.files{display:none}.figures{grid-template-columns:1fr 1fr}}";
}

}  // namespace fieldscan::analysis
