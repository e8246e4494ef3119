#include "server/http/parameters.hpp"

#include "common/config/units.hpp"
#include "common/http/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace waitlab::server {

namespace {

Failure wrong(std::string_view name, std::string_view what) {
  return Failure{fmt::format("parameter '{}': {}", name, what)};
}

template <class Number>
Result<std::optional<Number>> within(std::string_view name, std::string_view kind, const std::string* text, Number min,
                                     Number max) {
  if (text == nullptr) return std::optional<Number>();
  Number value{};
  const char* const end = text->data() + text->size();
  const auto [parsed, error] = std::from_chars(text->data(), end, value);
  const bool is_within = error == std::errc() && parsed == end && value >= min && value <= max;
  if (!is_within) return wrong(name, fmt::format("'{}' is not {} from {} to {}", *text, kind, min, max));
  return std::optional(value);
}

}  // namespace

Result<Parameters> Parameters::parse(std::string_view target, std::initializer_list<std::string_view> known) {
  auto parameters = target_parameters(target);
  if (!parameters) return parameters.error();
  for (const auto& [name, value] : *parameters) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Failure{fmt::format("unknown parameter '{}'; known here: {}", name, fmt::join(known, ", "))};
    }
    const auto has_name = [&name = name](const auto& other) { return other.first == name; };
    if (std::count_if(parameters->begin(), parameters->end(), has_name) > 1) return wrong(name, "is given twice");
  }
  Parameters result;
  result.values_ = std::move(*parameters);
  return result;
}

Result<std::optional<std::chrono::nanoseconds>> Parameters::duration(std::string_view name,
                                                                     std::chrono::nanoseconds max) const {
  const std::string* const text = find(name);
  if (text == nullptr) return std::optional<std::chrono::nanoseconds>();
  const auto parsed = parse_duration(*text);
  if (!parsed) return wrong(name, parsed.error().message);
  if (*parsed > max) return wrong(name, *text + " is more than " + format_duration(max));
  return std::optional(*parsed);
}

Result<std::optional<std::uint64_t>> Parameters::size(std::string_view name, std::uint64_t max) const {
  const std::string* const text = find(name);
  if (text == nullptr) return std::optional<std::uint64_t>();
  const auto parsed = parse_size(*text);
  if (!parsed) return wrong(name, parsed.error().message);
  if (*parsed == 0 || *parsed > max) return wrong(name, *text + " is not within 1B and " + format_size(max));
  return std::optional(*parsed);
}

Result<std::optional<std::uint32_t>> Parameters::integer(std::string_view name, std::uint32_t min,
                                                         std::uint32_t max) const {
  return within(name, "a whole number", find(name), min, max);
}

Result<std::optional<double>> Parameters::number(std::string_view name, double min, double max) const {
  return within(name, "a number", find(name), min, max);
}

Result<std::optional<std::string>> Parameters::text(std::string_view name, std::size_t longest) const {
  const std::string* const text = find(name);
  if (text == nullptr) return std::optional<std::string>();
  if (text->empty() || text->size() > longest)
    return wrong(name, fmt::format("has {} characters, of 1 to {} that are allowed", text->size(), longest));
  return std::optional(*text);
}

Result<std::size_t> Parameters::choice(std::string_view name, std::span<const std::string_view> allowed) const {
  const std::string* const text = find(name);
  if (text == nullptr) return std::size_t{0};
  const auto found = std::find(allowed.begin(), allowed.end(), *text);
  if (found == allowed.end()) {
    return wrong(name, fmt::format("'{}' is none of: {}", *text, fmt::join(allowed, ", ")));
  }
  return static_cast<std::size_t>(found - allowed.begin());
}

Result<std::size_t> Parameters::required_choice(std::string_view name,
                                                std::span<const std::string_view> allowed) const {
  if (find(name) == nullptr) return wrong(name, fmt::format("is missing; it is one of: {}", fmt::join(allowed, ", ")));
  return choice(name, allowed);
}

/// Null if the parameter is absent.
const std::string* Parameters::find(std::string_view name) const {
  const auto found =
      std::find_if(values_.begin(), values_.end(), [&](const auto& value) { return value.first == name; });
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace waitlab::server
