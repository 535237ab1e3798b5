#include "style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fieldscan::analysis {
namespace {

/// Okabe and Ito, "Color universal design" (2008), without the yellow that is lost on white; then darker ones; last a neutral one for
/// what belongs to no group.
constexpr std::array<std::string_view, 13> palette{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
                                                   "#56b4e9", "#7f3c8d", "#805d00", "#3969ac", "#a5aa99",
                                                   "#008695", "#cf1c90", "#666666"};
constexpr std::array<std::string_view, 5> dashes{"none", "none", "7 4", "2 3", "9 3 2 3"};

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
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

std::string_view palette_colour(std::size_t k) { return palette[k % palette.size()]; }

std::string map_colour(double part) {
  const double t = std::clamp(part, 0.0, 1.0);
  const auto mix = [&](double light, double dark) { return static_cast<int>(light + t * (dark - light)); };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(222, 8), mix(235, 48), mix(247, 107));
}

std::string figure_style() {
  std::string css =
      ".figure{font:13px system-ui,'Segoe UI',Roboto,sans-serif;color:#1b1f24}"
      ".figure text{fill:currentColor}.figure .tick{font-size:12px}.figure .strong{font-weight:600}"
      ".figure .axis{stroke:currentColor;stroke-width:1;fill:none}.figure "
      ".grid{stroke:currentColor;stroke-width:.6;opacity:.13}"
      ".figure .line{fill:none;stroke:currentColor;stroke-width:1.8}.figure "
      ".faint{fill:none;stroke:currentColor;stroke-width:1;opacity:.35}"
      ".figure .bar{fill:none;stroke:currentColor;stroke-width:1.3}.figure "
      ".band{fill:currentColor;opacity:.09;stroke:none}"
      ".figure g circle,.figure g>path:not([class]){fill:currentColor}.figure "
      ".mark{stroke:currentColor;stroke-dasharray:3 3;opacity:.6}";
  for (std::size_t k = 0; k < palette.size(); ++k) css += fmt::format(".figure .c{}{{color:{}}}", k, palette[k]);
  for (std::size_t k = 0; k < dashes.size(); ++k)
    css += fmt::format(".figure .d{}{{stroke-dasharray:{}}}", k, dashes[k]);
  return css;
}

std::string page_style() {
  return ":root{color-scheme:light "
         "dark;--ink:#1b1f24;--quiet:#5b6570;--paper:#fff;--line:#dfe3e8;--soft:#f6f7f9;--yes:#00714f;--no:#b8420a;--"
         "open:#7a5c00}"
         "@media(prefers-color-scheme:dark){:root{--ink:#e4e7eb;--quiet:#9aa5b1;--paper:#14171a;--line:#30363d;--soft:#"
         "1c2126;--yes:#3ecf9a;--no:#ff9355;--open:#e3b341}"
         ".figure .c0{color:#4aa8e0}.figure .c6{color:#b884c4}.figure .c7{color:#c09a3e}.figure "
         ".c8{color:#7da7e0}.figure .c12{color:#a8b0b8}}"
         "*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;font:16px/1.5 "
         "system-ui,'Segoe UI',Roboto,sans-serif;color:var(--ink);background:var(--paper)}"
         "h1{font-size:1.7rem;line-height:1.2;margin:.2em 0}h2{font-size:1.2rem;margin:2.2em 0 .6em;border-bottom:1px "
         "solid var(--line);padding-bottom:.25em}"
         "p.lead,.quiet{color:var(--quiet)}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:"
         ".93rem}"
         "th,td{text-align:left;vertical-align:top;padding:.45em .8em .45em 0;border-bottom:1px solid "
         "var(--line)}th{color:var(--quiet);font-weight:600}td.n,th.n{text-align:right}"
         ".verdict{font-weight:650;white-space:nowrap}.supported{color:var(--yes)}.contradicted{color:var(--no)}."
         "undecided{color:var(--open)}"
         "details{margin:.4em "
         "0}summary{cursor:pointer;color:var(--quiet)}pre{background:var(--soft);padding:1em;overflow-x:auto;font-size:"
         ".82rem;line-height:1.45;border-radius:4px}"
         ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1.6rem}figure{"
         "margin:0}figcaption{font-weight:600;margin-bottom:.3em}"
         "figcaption small{font-weight:400;color:var(--quiet)}svg.figure{width:100%;height:auto;color:var(--ink)}"
         "@media "
         "print{body{max-width:none;font-size:11pt}details>pre{white-space:pre-wrap}figure,tr{break-inside:avoid}}";
}

}  // namespace fieldscan::analysis
