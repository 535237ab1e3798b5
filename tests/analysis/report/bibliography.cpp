#include "../../../src/analysis/report/bibliography.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/theory/predict.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

TEST_CASE("works are read from the sources of theories") {
  const std::vector<Work> works = works_in(
      "A. van Meegen, H. Sompolinsky (2024); J. Lee et al., Deep neural networks as Gaussian processes, ICLR (2018); "
      "saddle: Q. Li, H. Sompolinsky, PRX 11 031059 (2021); Y. Avidan, arXiv:2309.04522; ridge: derived");
  REQUIRE(works.size() == 4);
  CHECK(works[0] == Work{"meegen2024", "A. van Meegen and H. Sompolinsky",
                         "Coding schemes in neural networks learning classification tasks", "", "2024"});
  CHECK(works[1] == Work{"lee2018", "J. Lee and others", "Deep neural networks as Gaussian processes", "ICLR", "2018"});
  CHECK(works[2].venue == "PRX 11 031059");
  CHECK(works[3] == Work{"avidan2023", "Y. Avidan", "", "arXiv:2309.04522", "2023"});
  const std::vector<Work> saad = works_in("D. Saad, S. Solla, Physical Review E 52 (1995), section 2");
  REQUIRE(saad.size() == 1);
  CHECK(saad[0] == Work{"saad1995", "D. Saad and S. Solla", "On-line learning in soft committee machines",
                        "Physical Review E 52", "1995", "section 2"});
  CHECK(works_in("derived, checked against networks").empty());
}

TEST_CASE("every theory that others showed has a work with a year") {
  for (const theory::About& about : theory::all_theories()) {
    INFO(about.kind << ": " << about.card.source);
    const std::vector<Work> works = works_in(about.card.source);
    const bool has_year = about.card.source.find("(19") != std::string_view::npos ||
                          about.card.source.find("(20") != std::string_view::npos ||
                          about.card.source.find("arXiv:") != std::string_view::npos;
    CHECK(works.empty() != has_year);
    for (const Work& work : works) {
      CHECK(work.year.size() == 4);
      CHECK_FALSE(work.title.empty());
    }
  }
}

TEST_CASE("the program is cited as CITATION.cff says") {
  std::ifstream in(std::string(FIELDSCAN_SOURCE_DIR) + "/CITATION.cff");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  CHECK(text.find("title: \"" + std::string(program_title) + "\"") != std::string::npos);
  const auto read = scan::read_scan("fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\n", "scan.yaml");
  REQUIRE(read.scan);
  const std::string works = bibliography_of(*read.scan, Table{});
  for (const std::string& part : {std::string("@misc{fieldscan,\n  author = {{The fieldscan authors}},\n  title = {"),
                                  std::string(program_title), "note = {version " + build::release()})
    CHECK(works.find(part) != std::string::npos);
}
