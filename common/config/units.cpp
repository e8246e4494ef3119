#include "common/config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <span>

namespace waitlab {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t amount;
};

constexpr std::array<Unit, 6> time_units{{{"ns", 1},
                                          {"us", 1'000},
                                          {"ms", 1'000'000},
                                          {"s", 1'000'000'000},
                                          {"m", 60'000'000'000},
                                          {"h", 3'600'000'000'000}}};

constexpr std::array<Unit, 4> binary_units{
    {{"B", 1}, {"KiB", std::uint64_t{1} << 10}, {"MiB", std::uint64_t{1} << 20}, {"GiB", std::uint64_t{1} << 30}}};

constexpr std::array<Unit, 7> size_units{{binary_units[0],
                                          binary_units[1],
                                          binary_units[2],
                                          binary_units[3],
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000}}};

/// What a kind of quantity is called, how it is written, and the most of its smallest unit that can be held.
struct Quantity {
  std::string_view noun;
  std::string_view example;
  std::span<const Unit> units;
  std::uint64_t max;
};

constexpr Quantity duration_quantity{"duration", "50ms", time_units, std::numeric_limits<std::int64_t>::max()};
constexpr Quantity size_quantity{"size", "64KiB", size_units, std::numeric_limits<std::uint64_t>::max()};

std::string_view take_digits(std::string_view& text) {
  const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

/// `digits` as a number, or nothing if it does not fit.
std::optional<std::uint64_t> to_number(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, digit - '0', &number)) return {};
  }
  return number;
}

/// 0.`decimals` of a unit, or nothing if that is no whole number. Reducing the fraction first keeps the product small.
std::optional<std::uint64_t> fraction_of(std::uint64_t unit, std::string_view decimals) {
  while (decimals.ends_with('0'))
    decimals.remove_suffix(1);
  if (decimals.size() > 18) return {};
  std::uint64_t denominator = 1;
  for (std::size_t i = 0; i < decimals.size(); ++i)
    denominator *= 10;
  const auto numerator = *to_number(decimals);
  const auto common = std::gcd(unit, denominator);
  if (numerator % (denominator / common) != 0) return {};
  return numerator / (denominator / common) * (unit / common);
}

std::string names(std::span<const Unit> units) {
  std::string list;
  for (const auto& unit : units)
    list.append(list.empty() ? "" : ", ").append(unit.name);
  return list;
}

Result<std::uint64_t> parse_quantity(std::string_view text, const Quantity& quantity) {
  const auto failure = [&](const std::string& what) {
    return Failure{fmt::format("\"{:.40}\" {}; write for example \"{}\"", text, what, quantity.example)};
  };
  if (text.starts_with('-')) return failure(fmt::format("is a negative {}", quantity.noun));
  auto rest = text;
  const auto whole = take_digits(rest);
  std::string_view decimals;
  const bool has_point = rest.starts_with('.');
  if (has_point) {
    rest.remove_prefix(1);
    decimals = take_digits(rest);
  }
  if (whole.empty() || (has_point && decimals.empty())) return failure(fmt::format("is not a {}", quantity.noun));
  if (rest.empty()) return failure(fmt::format("has no unit ({})", names(quantity.units)));
  const auto unit = std::ranges::find(quantity.units, rest, &Unit::name);
  if (unit == quantity.units.end()) {
    return failure(fmt::format("has the unknown unit \"{:.40}\" (allowed: {})", rest, names(quantity.units)));
  }
  const auto fraction = fraction_of(unit->amount, decimals);
  if (!fraction) return failure(fmt::format("is not a whole number of {}", quantity.units.front().name));
  const auto number = to_number(whole);
  std::uint64_t total = 0;
  if (!number || __builtin_mul_overflow(*number, unit->amount, &total) ||
      __builtin_add_overflow(total, *fraction, &total) || total > quantity.max) {
    return failure(fmt::format("is too large a {}", quantity.noun));
  }
  return total;
}

std::string format_quantity(std::uint64_t amount, std::span<const Unit> units) {
  auto unit = std::ranges::find_if(units.rbegin(), units.rend(),
                                   [&](const Unit& candidate) { return amount % candidate.amount == 0; });
  return fmt::format("{}{}", amount / unit->amount, unit->name);
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const auto amount = parse_quantity(text, duration_quantity);
  if (!amount) return amount.error();
  return std::chrono::nanoseconds{static_cast<std::int64_t>(*amount)};
}

Result<std::uint64_t> parse_size(std::string_view text) {
  return parse_quantity(text, size_quantity);
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const auto count = duration.count();
  if (count == 0) return "0s";
  if (count < 0)
    return fmt::format("-{}", format_quantity(std::uint64_t{0} - static_cast<std::uint64_t>(count), time_units));
  return format_quantity(static_cast<std::uint64_t>(count), time_units);
}

std::string format_size(std::uint64_t bytes) {
  return bytes == 0 ? "0B" : format_quantity(bytes, binary_units);
}

}  // namespace waitlab
