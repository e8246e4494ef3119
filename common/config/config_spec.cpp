#include "common/config/config_spec.hpp"

#include "common/config/config_failure.hpp"
#include "common/config/config_setting.hpp"
#include "common/config/units.hpp"

#include <fmt/format.h>

namespace waitlab {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

Failure must_be(const std::string& allowed, const json& found) {
  return Failure{fmt::format("must be {}; found {}", allowed, describe(found))};
}

template <class Field>
auto into(Field& field) {
  return [&field](const Field& value) { field = value; };
}

/// Reads a string with its unit by `parse` and holds it against the limits, which `format` spells.
template <class Value>
auto quantity_reader(Value min, Value max, Result<Value> (*parse)(std::string_view), std::string (*format)(Value),
                     std::string noun, std::string example) {
  const auto allowed = fmt::format("a {} from {} to {}, such as \"{}\"", noun, format(min), format(max), example);
  return [=](const json& value) -> Result<Value> {
    if (!value.is_string()) return must_be(allowed, value);
    const auto parsed = parse(value.get_ref<const std::string&>());
    if (!parsed) return parsed.error();
    if (*parsed < min || *parsed > max) return must_be(allowed, value);
    return *parsed;
  };
}

/// Reads a whole number and holds it against the limits; `allowed` spells them.
auto whole_number_reader(std::uint64_t min, std::uint64_t max, const std::string& allowed) {
  return [=](const json& value) -> Result<std::uint64_t> {
    if (!value.is_number_unsigned()) return must_be(allowed, value);
    const auto number = value.get<std::uint64_t>();
    if (number < min || number > max) return must_be(allowed, value);
    return number;
  };
}

}  // namespace

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_block_name(std::string_view name) {
  constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";
  return !name.empty() && name.size() <= 40 && letters_and_digits.find(name.front()) != std::string_view::npos &&
         std::ranges::all_of(name, [&](char c) {
           return c == '_' || c == '-' || letters_and_digits.find(c) != std::string_view::npos;
         });
}

ConfigSpec::ConfigSpec() = default;
ConfigSpec::ConfigSpec(ConfigSpec&&) noexcept = default;
ConfigSpec& ConfigSpec::operator=(ConfigSpec&&) noexcept = default;
ConfigSpec::~ConfigSpec() = default;

const std::vector<ConfigSetting>& ConfigSpec::settings() const {
  return settings_;
}

const std::vector<ConfigBlocks>& ConfigSpec::blocks() const {
  return blocks_;
}

ConfigSpec& ConfigSpec::add(ConfigSetting setting) {
  settings_.push_back(std::move(setting));
  return *this;
}

ConfigSpec& ConfigSpec::add_blocks(const std::string& prefix, const ConfigSpec& sample, std::function<void()> clear,
                                   std::function<ConfigSpec(const std::string& name)> add) {
  blocks_.push_back({prefix, settings_schema(sample), std::move(clear), std::move(add)});
  return *this;
}

ConfigSpec& ConfigSpec::text(std::string key, std::string& field, std::string help) {
  const auto read = [](const json& value) -> Result<std::string> {
    if (!value.is_string()) return must_be("text in quotes", value);
    // It may be an address or a path, of which a system call would see the beginning only.
    if (value.get_ref<const std::string&>().find('\0') != std::string::npos)
      return must_be("text without a NUL character", value);
    return value.get<std::string>();
  };
  return add(
      make_setting(std::move(key), std::move(help), {{"type", "string"}}, field, into(field), read, std::identity{}));
}

ConfigSpec& ConfigSpec::choice(std::string key, std::string& field, std::vector<std::string> allowed,
                               std::string help) {
  ordered_json schema{{"type", "string"}, {"enum", allowed}};
  const auto read = [allowed = std::move(allowed)](const json& value) -> Result<std::string> {
    const auto name = value.is_string() ? value.get<std::string>() : std::string{};
    if (std::ranges::find(allowed, name) != allowed.end()) return name;
    return Failure{fmt::format("unknown value {}{}", describe(value), suggest(name, allowed, allowed))};
  };
  return add(
      make_setting(std::move(key), std::move(help), std::move(schema), field, into(field), read, std::identity{}));
}

ConfigSpec& ConfigSpec::flag(std::string key, bool& field, std::string help) {
  const auto read = [](const json& value) -> Result<bool> {
    if (!value.is_boolean()) return must_be("true or false", value);
    return value.get<bool>();
  };
  return add(
      make_setting(std::move(key), std::move(help), {{"type", "boolean"}}, field, into(field), read, std::identity{}));
}

ConfigSpec& ConfigSpec::number(std::string key, double& field, double min, double max, std::string help) {
  const auto read = [min, max](const json& value) -> Result<double> {
    const auto number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (number >= min && number <= max) return number;
    return must_be(fmt::format("a number from {} to {}", min, max), value);
  };
  ordered_json schema{{"type", "number"}, {"minimum", min}, {"maximum", max}};
  return add(
      make_setting(std::move(key), std::move(help), std::move(schema), field, into(field), read, std::identity{}));
}

ConfigSpec& ConfigSpec::duration(std::string key, std::chrono::nanoseconds& field, std::chrono::nanoseconds min,
                                 std::chrono::nanoseconds max, std::string help) {
  ordered_json schema{{"type", "string"}, {"pattern", duration_pattern}};
  help += fmt::format(" ({} to {})", format_duration(min), format_duration(max));
  return add(make_setting(std::move(key), std::move(help), std::move(schema), field, into(field),
                          quantity_reader(min, max, parse_duration, format_duration, "duration", "50ms"),
                          format_duration));
}

ConfigSpec& ConfigSpec::size(std::string key, std::uint64_t& bytes, std::uint64_t min, std::uint64_t max,
                             std::string help) {
  ordered_json schema{{"type", "string"}, {"pattern", R"(^[0-9]+(\.[0-9]+)?([KMG]iB|[kMG]?B)$)"}};
  help += fmt::format(" ({} to {})", format_size(min), format_size(max));
  return add(make_setting(std::move(key), std::move(help), std::move(schema), bytes, into(bytes),
                          quantity_reader(min, max, parse_size, format_size, "size", "64KiB"), format_size));
}

ConfigSpec& ConfigSpec::whole_number(std::string key, std::uint64_t initial, std::function<void(std::uint64_t)> store,
                                     std::uint64_t min, std::uint64_t max, std::string help) {
  ordered_json schema{{"type", "integer"}, {"minimum", min}, {"maximum", max}};
  return add(make_setting(std::move(key), std::move(help), std::move(schema), initial, std::move(store),
                          whole_number_reader(min, max, fmt::format("a whole number from {} to {}", min, max)),
                          std::identity{}));
}

ConfigSpec& ConfigSpec::whole_number_or_auto(std::string key, std::uint64_t initial,
                                             std::function<void(std::uint64_t)> store, std::uint64_t min,
                                             std::uint64_t max, std::string help) {
  const auto read =
      [number = whole_number_reader(min, max, fmt::format("a whole number from {} to {}, or \"auto\"", min, max))](
          const json& value) -> Result<std::uint64_t> {
    if (value == "auto") return std::uint64_t{0};
    return number(value);
  };
  const auto write = [](std::uint64_t value) { return value == 0 ? json("auto") : json(value); };
  ordered_json schema{{"type", {"integer", "string"}}, {"minimum", min}, {"maximum", max}, {"pattern", "^auto$"}};
  return add(make_setting(std::move(key), std::move(help), std::move(schema), initial, std::move(store), read, write));
}

}  // namespace waitlab
