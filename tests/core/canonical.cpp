#include "fieldscan/core/canonical.hpp"

#include "catch.hpp"

using namespace fieldscan;

namespace {

enum class Colour { red, green };
constexpr auto words(Colour) { return std::array<std::string_view, 2>{"red", "green"}; }
enum class Word { whole };
constexpr auto words(Word) { return std::array<std::string_view, 1>{"whole"}; }

struct Ball {
  double radius = 1;
  static constexpr std::string_view kind = "ball";
  static constexpr int revision = 3;
  static constexpr std::string_view summary = "round";
  static auto fields() { return std::tuple{field("radius", &Ball::radius, "r", positive())}; }
  bool operator==(const Ball&) const = default;
};
struct Box {
  std::map<int, double> powers;
  static constexpr std::string_view kind = "box";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "square";
  static auto fields() { return std::tuple{field("powers", &Box::powers, "p")}; }
  std::string content_key() const { return "abc"; }
  bool operator==(const Box&) const = default;
};
using Shape = std::variant<Ball, Box>;
struct Scene {
  Shape shape = Ball{};
  OrWord<int, Word> size = 10;
  PerLayer<int> width = 4;
  Colour colour = Colour::red;
  std::string path = "here";
  double weight = 0;
  static auto fields() {
    return std::tuple{field("shape", &Scene::shape, "s"),
                      field("size", &Scene::size, "n"),
                      field("width", &Scene::width, "w"),
                      field("colour", &Scene::colour, "c"),
                      field("path", &Scene::path, "p").outside_identity(),
                      field("weight", &Scene::weight, "m")};
  }
  bool operator==(const Scene&) const = default;
};
static_assert(is_choice<Shape> && Described<Scene> && HasContentKey<Box> && !HasContentKey<Ball>);

}  // namespace

TEST_CASE("fields at their default are left out, kinds never") {
  CHECK(canonical_text("", Scene{}) == "shape.kind=ball@3\n");
  Scene scene{
      .size = Word::whole, .width = std::vector<int>{2, 3}, .colour = Colour::green, .path = "there", .weight = 0.1};
  scene.shape = Ball{.radius = 1e-3};
  CHECK(canonical_text("a", scene) ==
        "a.shape.kind=ball@3\na.shape.radius=0.001\na.size=whole\na.width=[2,3]\na.colour=green\na.weight=0.1\n");
}

TEST_CASE("content replaces a path, and minus zero is zero") {
  const Scene scene{.shape = Box{.powers = {{1, 0.5}, {3, 2}}}, .weight = -0.0};
  CHECK(canonical_text("", scene) == "shape.kind=box@1\nshape.powers={1:0.5,3:2,}\nshape.content=abc\n");
}

TEST_CASE("the order of lines can be forgotten") { CHECK(sorted_lines("b=1\na=2\n\nc") == "a=2\nb=1\nc\n"); }

TEST_CASE("ranges hold their ends as they say, and never NaN") {
  CHECK(positive().contains(1e-300));
  CHECK_FALSE(positive().contains(0));
  CHECK(between(0, 1).contains(1));
  CHECK_FALSE(any_number().contains(std::nan("")));
  CHECK(positive().text() == "greater than 0");
  CHECK(at_least(1).text() == "at least 1");
  CHECK(between(0, 1).text() == "from 0 to 1");
}
