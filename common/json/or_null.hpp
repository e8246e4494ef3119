#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>

namespace waitlab {

/// What is not known is null in JSON.
template <typename T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

/// A time in microseconds.
inline nlohmann::ordered_json or_null(const std::optional<std::chrono::nanoseconds>& time) {
  return time ? nlohmann::ordered_json(std::chrono::duration<double, std::micro>(*time).count())
              : nlohmann::ordered_json(nullptr);
}

}  // namespace waitlab
