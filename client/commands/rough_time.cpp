#include "client/commands/rough_time.hpp"

#include <fmt/format.h>

namespace waitlab::client {

std::string rough_time(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(time).count();
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace waitlab::client
