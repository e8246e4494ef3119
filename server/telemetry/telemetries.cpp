#include "server/telemetry/telemetries.hpp"

#include <algorithm>

namespace waitlab::server {

Telemetry& Telemetries::of(const std::string& strategy) {
  const std::scoped_lock lock(mutex_);
  for (const auto& telemetry : telemetries_) {
    if (telemetry->strategy == strategy) return *telemetry;
  }
  return **telemetries_.insert(telemetries_.begin(), std::make_unique<Telemetry>(strategy));
}

void Telemetries::make_current(const std::string& strategy) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(telemetries_.begin(), telemetries_.end(),
                                  [&](const auto& telemetry) { return telemetry->strategy == strategy; });
  std::rotate(found, found + 1, telemetries_.end());
}

std::vector<const Telemetry*> Telemetries::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<const Telemetry*> result;
  for (const auto& telemetry : telemetries_)
    result.push_back(telemetry.get());
  return result;
}

}  // namespace waitlab::server
