#pragma once

#include "common/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::server {

/// The query parameters of one request, held against the names its endpoint knows. Failures name the parameter: they
/// become the detail of a 400.
class Parameters {
 public:
  static Result<Parameters> parse(std::string_view target, std::initializer_list<std::string_view> known);

  /// A duration from 0 to `max`, with its unit; nothing if the parameter is absent.
  Result<std::optional<std::chrono::nanoseconds>> duration(std::string_view name, std::chrono::nanoseconds max) const;

  /// A size from 1 byte to `max`, with its unit; nothing if the parameter is absent.
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::uint64_t max) const;

  /// A whole number from `min` to `max`, in decimal digits; nothing if the parameter is absent.
  Result<std::optional<std::uint32_t>> integer(std::string_view name, std::uint32_t min, std::uint32_t max) const;

  /// A decimal number from `min` to `max`; nothing if the parameter is absent.
  Result<std::optional<double>> number(std::string_view name, double min, double max) const;

  /// Text of up to `longest` characters, but not none; nothing if the parameter is absent.
  Result<std::optional<std::string>> text(std::string_view name, std::size_t longest) const;

  /// The index of the value among those it may have, the first if the parameter is absent.
  Result<std::size_t> choice(std::string_view name, std::span<const std::string_view> allowed) const;
  Result<std::size_t> choice(std::string_view name, std::initializer_list<std::string_view> allowed) const {
    return choice(name, std::span(allowed.begin(), allowed.size()));
  }

  /// The index of the value among those it may have; the parameter must be there.
  Result<std::size_t> required_choice(std::string_view name, std::span<const std::string_view> allowed) const;

 private:
  const std::string* find(std::string_view name) const;

  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace waitlab::server
