#pragma once

#include "common/result.hpp"

#include <chrono>
#include <optional>
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

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace waitlab::server
