#include "parse_yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_map>

#include "characters.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_values = 200000;  ///< of a file, with those that aliases repeat

Place place_of(const YAML::Mark& mark) { return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1}; }

/// Thrown inside the event handler to leave the parser; never escapes this file.
struct TooLarge {
  Place place;
  bool of_aliases = false;
};

/// Moves a copied subtree to where its alias stands, so that diagnostics name the place of use.
void move_to(Node& node, Place place) {
  node.place = place;
  for (auto& item : node.items) move_to(item, place);
  for (auto& entry : node.entries) {
    entry.place = place;
    move_to(entry.value, place);
  }
}

/// Builds our tree from the parser's events, which carry exact places (the library's own nodes lose those of aliases
/// and keys).
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(Report& report) : report_(report) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2)
      report_.error("FS0004", place_of(mark), "", "a second document in one file",
                    "remove the line '---'; one file holds one scan");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(Node{.kind = Node::Kind::null, .place = place_of(mark)}, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) return add(Node{.place = place_of(mark)}, 0);
    count_copy(found->second, place_of(mark));
    Node copy = found->second;
    move_to(copy, place_of(mark));
    add(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(tag, mark);
    // A plain ~ or null is YAML's way to write nothing.
    const bool quoted = tag != "?";
    check_text(value, mark);
    Node node{.kind = Node::Kind::scalar, .place = place_of(mark), .text = value, .quoted = quoted};
    if (!quoted && (value == "~" || value == "null" || value == "Null" || value == "NULL" || value.empty()))
      node.kind = Node::Kind::null;
    add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(tag, mark);
    open(Node{.kind = Node::Kind::sequence, .place = place_of(mark)}, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(tag, mark);
    open(Node{.kind = Node::Kind::mapping, .place = place_of(mark)}, anchor);
  }
  void OnMapEnd() override { close(); }
  void OnAnchor(const YAML::Mark&, const std::string&) override {}

  Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool expects_key = true;
    bool bad_key = false;
    std::string key = {};
    Place key_place = {};
    std::unordered_map<std::string, Place> keys = {};  ///< those that were there
  };

  void check_tag(const std::string& tag, const YAML::Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    report_.error("FS0007", place_of(mark), "", fmt::format("a type tag '{}'", tag),
                  "remove it; what a value is follows from its field");
  }
  /// What an escape in quotes can say and the file itself can not.
  void check_text(std::string_view value, const YAML::Mark& mark) {
    const auto bad = first_bad_character(value);
    if (!bad) return;
    report_.error("FS0011", place_of(mark), "", fmt::format("the text '{}' has {}", shortened(value, 60), bad->what),
                  "names and words are of signs that can be read");
  }
  /// What is copied counts like what is written out.
  void count_copy(const Node& node, Place place) {
    count_ += count_nodes(node);
    if (count_ > most_values) throw TooLarge{place, true};
  }
  void open(Node node, YAML::anchor_t anchor) { stack_.push_back({std::move(node), anchor}); }
  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(done.node), done.anchor);
  }
  void add(Node node, YAML::anchor_t anchor) {
    if (++count_ > most_values) throw TooLarge{node.place};
    if (anchor) {
      count_copy(node, node.place);
      anchors_[anchor] = node;
    }
    if (stack_.empty()) {
      if (documents_ <= 1) root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.is_sequence())
      top.node.items.push_back(std::move(node));
    else if (top.expects_key)
      add_key(top, node);
    else
      add_value(top, std::move(node));
  }
  void add_key(Open& top, const Node& node) {
    top.expects_key = false;
    top.key = node.text;
    top.key_place = node.place;
    top.bad_key = false;
    if (!node.is_scalar()) {
      report_.error("FS0007", node.place, "", "a key that is not a word", "keys are words: 'key: value'");
      top.bad_key = true;
    } else if (node.text == "<<") {
      report_.error("FS0005", node.place, "", "a merge key '<<' (YAML 1.2 does not have it)",
                    "write the fields out, or set them in `fixed` of a block");
      top.bad_key = true;
    } else if (const auto [first, fresh] = top.keys.try_emplace(node.text, node.place); !fresh) {
      report_.error("FS0003", node.place, "", fmt::format("duplicate key '{}'", node.text),
                    fmt::format("it is already given in line {}, column {}: keep one of the two", first->second.line,
                                first->second.column));
      top.bad_key = true;
    }
  }
  void add_value(Open& top, Node node) {
    top.expects_key = true;
    if (top.bad_key) return;
    if (node.kind == Node::Kind::null) {
      const auto colon = top.key.find(':');
      const std::string help = colon != std::string::npos
                                   ? fmt::format("missing space after ':'? write '{}: {}'", top.key.substr(0, colon),
                                                 top.key.substr(colon + 1))
                                   : "write a value after ':', or remove the key";
      report_.error("FS0006", top.key_place, top.key, fmt::format("'{}' has no value", top.key), help);
      return;
    }
    top.node.entries.push_back({std::move(top.key), top.key_place, std::move(node)});
  }

  Report& report_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t count_ = 0;
  int documents_ = 0;
};

std::string remedy(const std::string& message) {
  if (message.find("end of map") != std::string::npos || message.find("end of sequence") != std::string::npos)
    return "check the brackets and the indentation of this line and the one before";
  if (message.find("illegal map value") != std::string::npos) return "a text that contains ': ' needs quotes";
  return "see the line above too: the parser notices a slip after it has happened";
}

bool parse_into(Builder& builder, const std::string& text, Report& report) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const TooLarge& large) {
    report.error("FS0008", large.place, "",
                 fmt::format("more than {} values{}", most_values,
                             large.of_aliases ? ", with those that aliases and nested anchors repeat" : ""),
                 large.of_aliases ? "write values out instead of aliases"
                                  : "use a spacing, {logspace: [a, b], num: n}, or a file of data");
  } catch (const YAML::DeepRecursion& deep) {
    report.error("FS0008", place_of(deep.mark), "", "values are nested too deeply", "check the brackets");
  } catch (const YAML::Exception& error) {
    const std::string message = error.msg;
    report.error("FS0001", error.mark.is_null() ? Place{1, 1} : place_of(error.mark), "",
                 fmt::format("not YAML: {}", message), remedy(message));
  }
  return false;
}

}  // namespace

Node parse_yaml(const std::string& text, Report& report) {
  reject_unreadable(text, report);
  if (report.error_count()) return {};
  reject_tabs(text, report);
  if (report.error_count()) return {};
  Builder builder(report);
  const bool complete = parse_into(builder, text, report);
  Node root = builder.take();
  if (complete && root.kind == Node::Kind::null) {
    report.error("FS0009", {1, 1}, "", "an empty file", "`fieldscan init` writes a scan to start from");
  } else if (complete && !root.is_mapping()) {
    report.error("FS0009", root.place, "",
                 fmt::format("a scan file is a mapping of sections, this is {}", describe(root)),
                 "start with 'fieldscan: 1'");
  }
  return root;
}

Node parse_value(const std::string& text, Report& report, const std::string& path) {
  Report inner;
  Builder builder(inner);
  parse_into(builder, text, inner);
  for (const auto& d : inner.sorted())
    report.error("FS0112", {}, path, fmt::format("--set {}={}: {}", path, text, d.message), d.help);
  Node node = builder.take();
  move_to(node, {});
  return node;
}

}  // namespace fieldscan::scan
