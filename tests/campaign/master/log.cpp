#include "../../../src/campaign/master/log.hpp"

#include <fstream>
#include <iterator>

#include "../../store/directory.hpp"
#include "catch.hpp"
#include "fieldscan/core/error.hpp"

using namespace fieldscan::campaign;

TEST_CASE("the log has one line and one JSON object per event, and is appended to", "[log]") {
  const TemporaryDirectory directory;
  for (const char* text : {"a \"quoted\"\nline", "second"})
    RunLog(directory.path).warning("retry", text, {{"draw", "3"}, {"reason", json_text("c:\\x\t")}});
  const auto read = [&](const char* name) {
    std::ifstream in(directory.path / name);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  CHECK(read("run.log").find("warning: a \"quoted\"") != std::string::npos);
  const std::string json = read("run.jsonl");
  CHECK(std::count(json.begin(), json.end(), '\n') == 2);
  CHECK(
      json.find(
          R"("level": "warning", "event": "retry", "text": "a \"quoted\"\u000aline", "draw": 3, "reason": "c:\\x\u0009"})") !=
      std::string::npos);
}

TEST_CASE("an event that comes for ever does not fill the disk", "[log]") {
  const TemporaryDirectory directory;
  {
    RunLog log(directory.path);
    for (int k = 0; k < 100000; ++k) log.error("failure", "the same again");
    log.info("end", "the end");
  }
  for (const char* name : {"run.log", "run.jsonl"}) {
    std::ifstream in(directory.path / name);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    CHECK(std::count(all.begin(), all.end(), '\n') == 1000 + 7 + 1);  // 2^10 … 2^16
    CHECK(all.find("number 65536 of this kind") != std::string::npos);
    CHECK(all.find("the end") != std::string::npos);
  }
}

TEST_CASE("a log that was removed is made again; a link is not followed", "[log]") {
  const TemporaryDirectory directory;
  RunLog log(directory.path);
  log.info("start", "first");
  std::filesystem::remove(directory.path / "run.log");
  log.info("end", "second");
  std::ifstream in(directory.path / "run.log");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CHECK(text.find("info: second") != std::string::npos);
  const TemporaryDirectory other;
  std::filesystem::create_symlink(directory.path / "precious", other.path / "run.jsonl");
  CHECK_THROWS_AS(RunLog(other.path), fieldscan::EnvironmentError);
  CHECK_FALSE(std::filesystem::exists(directory.path / "precious"));
}
