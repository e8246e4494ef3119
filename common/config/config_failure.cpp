#include "common/config/config_failure.hpp"

#include "common/text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace waitlab {
namespace {

std::string cut(std::string text, std::size_t length) {
  if (text.size() > length) text.replace(length, std::string::npos, "...");
  return text;
}

}  // namespace

Failure config_failure(std::string_view where, std::string_view what) {
  auto line = fmt::format("{}: {}", cut(std::string{where}, 200), what);
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return Failure{std::move(line)};
}

std::string describe(const nlohmann::json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return cut(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), 60);
}

std::string suggest(std::string_view name, const std::vector<std::string>& candidates,
                    const std::vector<std::string>& allowed) {
  std::string text;
  if (const auto near = nearest_name(name, candidates)) text = fmt::format("; did you mean \"{}\"?", *near);
  text.append(text.empty() ? ";" : "").append(fmt::format(" allowed: {}", fmt::join(allowed, ", ")));
  return text;
}

}  // namespace waitlab
