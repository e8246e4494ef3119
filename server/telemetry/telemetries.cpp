#include "server/telemetry/telemetries.hpp"

#include <algorithm>

namespace waitlab::server {

Telemetry& Telemetries::begin(const std::string& strategy) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(telemetries_.begin(), telemetries_.end(),
                                  [&](const auto& telemetry) { return telemetry->strategy == strategy; });
  if (found == telemetries_.end()) {
    telemetries_.push_back(std::make_unique<Telemetry>(strategy));
  } else {
    std::rotate(found, found + 1, telemetries_.end());
  }
  return *telemetries_.back();
}

std::vector<const Telemetry*> Telemetries::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<const Telemetry*> result;
  for (const auto& telemetry : telemetries_)
    result.push_back(telemetry.get());
  return result;
}

}  // namespace waitlab::server
