#include "common/config/jsonc.hpp"

#include "common/config/config_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

namespace waitlab {
namespace {

using nlohmann::json;

/// Builds the document from nlohmann's events, since its own builder keeps the last of duplicate keys without a word
/// and forgets the lines.
class DocumentBuilder final : public nlohmann::json_sax<json> {
 public:
  DocumentBuilder(const std::string& text, JsonDocument& document) : text_(text), input_(text), document_(document) {}

  std::istream& input() { return input_; }
  const std::optional<Failure>& failure() const { return failure_; }

  bool null() override { return take(nullptr); }
  bool boolean(bool value) override { return take(value); }
  bool number_integer(number_integer_t value) override { return take(value); }
  bool number_unsigned(number_unsigned_t value) override { return take(value); }
  bool number_float(number_float_t value, const string_t&) override { return take(value); }
  bool string(string_t& value) override { return take(std::move(value)); }
  bool binary(binary_t& value) override { return take(std::move(value)); }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override;
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override;

 private:
  bool take(json value);
  json* add(json value);
  json::json_pointer next_place() const;
  bool open(json container);
  bool close();
  std::size_t current_line();

  const std::string& text_;
  std::istringstream input_;
  JsonDocument& document_;
  std::vector<json*> open_;  // the containers around the current place, outermost first
  json::json_pointer place_;
  std::string key_;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
  std::optional<Failure> failure_;
};

/// The line of the token just read. The parser has read up to its end and, after a number, one character more, which
/// therefore is not looked at.
std::size_t DocumentBuilder::current_line() {
  const auto unread = static_cast<std::size_t>(std::max<std::streamsize>(0, input_.rdbuf()->in_avail()));
  const auto read = text_.size() - unread;
  for (; counted_ + 1 < read; ++counted_)
    line_ += text_[counted_] == '\n' ? 1 : 0;
  return line_;
}

json::json_pointer DocumentBuilder::next_place() const {
  if (open_.empty()) return json::json_pointer{};
  return place_ / (open_.back()->is_object() ? key_ : std::to_string(open_.back()->size()));
}

json* DocumentBuilder::add(json value) {
  document_.lines.emplace(next_place().to_string(), current_line());
  if (open_.empty()) return &(document_.root = std::move(value));
  if (open_.back()->is_object()) return &((*open_.back())[key_] = std::move(value));
  return &open_.back()->emplace_back(std::move(value));
}

bool DocumentBuilder::take(json value) {
  add(std::move(value));
  return true;
}

bool DocumentBuilder::open(json container) {
  constexpr std::size_t deepest = 64;
  if (open_.size() == deepest) {
    failure_ = config_failure(fmt::format("{}:{}", document_.name, current_line()),
                              fmt::format("nested deeper than {} levels", deepest));
    return false;
  }
  auto place = next_place();
  open_.push_back(add(std::move(container)));
  place_ = std::move(place);
  return true;
}

bool DocumentBuilder::close() {
  open_.pop_back();
  if (!place_.empty()) place_.pop_back();
  return true;
}

bool DocumentBuilder::key(string_t& name) {
  key_ = std::move(name);
  const auto place = place_ / key_;
  const auto [first, is_new] = document_.lines.emplace(place.to_string(), current_line());
  if (is_new) return true;
  failure_ =
      config_failure(fmt::format("{}:{}", document_.name, current_line()),
                     fmt::format("{}: duplicate key; first given on line {}", dotted_path(place), first->second));
  return false;
}

/// nlohmann's message without its name for the error, its own idea of the place and its echo of the text.
std::string plain_message(std::string message) {
  message.erase(0, message.find("] ") + 2);
  if (message.starts_with("parse error at ")) message.erase(0, message.find(": ") + 2);
  if (const auto echo = message.find("; last read: "); echo != std::string::npos) message.erase(echo);
  if (message.ends_with("; expected '}'") || message.ends_with("; expected ']'")) {
    message.insert(message.size() - 3, "',' or ");
  }
  return message;
}

/// The same of a text that ended too early, in whatever words the library has for it: of an empty one its versions say
/// different things.
std::string early_end(const std::string& message, bool is_empty) {
  if (is_empty) return fmt::format("syntax error while parsing value - {}", ends_early);
  return message.find(ends_early) != std::string::npos ? message : fmt::format("{}; {}", message, ends_early);
}

bool DocumentBuilder::parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& error) {
  const auto last = std::min(text_.size(), read > 0 ? read - 1 : 0);
  const auto before = std::string_view{text_}.substr(0, last);
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto column = last - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  auto what = plain_message(error.what());
  if (read > text_.size()) what = early_end(what, text_.empty());
  const auto previous = before.find_last_not_of(" \t\r\n");
  const bool closes = last < text_.size() && (text_[last] == '}' || text_[last] == ']');
  if (closes && previous != std::string_view::npos && before[previous] == ',') {
    what = fmt::format("remove the comma before '{}'", text_[last]);
  }
  failure_ = config_failure(fmt::format("{}:{}:{}", document_.name, line, column), what);
  return false;
}

}  // namespace

std::string JsonDocument::where(json::json_pointer pointer) const {
  for (;; pointer.pop_back()) {
    if (const auto line = lines.find(pointer.to_string()); line != lines.end()) {
      return fmt::format("{}:{}", name, line->second);
    }
    if (pointer.empty()) return name;
  }
}

Result<JsonDocument> parse_jsonc(const std::string& text, const std::string& name) {
  JsonDocument document{name, {}, {}};
  DocumentBuilder builder{text, document};
  json::sax_parse(builder.input(), &builder, json::input_format_t::json, true, true);
  if (builder.failure()) return *builder.failure();
  return document;
}

Result<JsonDocument> read_jsonc(const std::filesystem::path& path) {
  constexpr std::size_t largest = 64 << 20;
  const auto name = path.string();
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
    return config_failure(
        name,
        "is a directory; give the name of a JSON file (Docker makes a directory where a file to mount is missing)");
  }
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file)
    return config_failure(name,
                          fmt::format("cannot be opened: {}; check the path (in a container: what is mounted there)",
                                      std::generic_category().message(errno)));
  std::string text;
  std::array<char, 16384> chunk;
  while (file.read(chunk.data(), chunk.size()), file.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > largest) return config_failure(name, "is larger than 64 MiB; give the name of a JSON file");
  }
  if (file.bad())
    return config_failure(name, fmt::format("cannot be read: {}", std::generic_category().message(errno)));
  return parse_jsonc(text, name);
}

std::string dotted_path(const json::json_pointer& pointer) {
  std::string path;
  for (auto rest = pointer; !rest.empty(); rest.pop_back()) {
    path.insert(0, rest.back() + (path.empty() ? "" : "."));
  }
  return path;
}

}  // namespace waitlab
