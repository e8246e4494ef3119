#include "server/telemetry/telemetries.hpp"

#include <algorithm>

namespace waitlab::server {

Telemetry& Telemetries::of(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto found = find(name);
  if (found != telemetries_.end()) return **found;
  return **telemetries_.insert(telemetries_.begin(), std::make_unique<Telemetry>(name, tracer_, file_));
}

void Telemetries::make_current(const RunningStrategy& running) {
  const std::scoped_lock lock(mutex_);
  const auto found = find(running.name);
  std::rotate(found, found + 1, telemetries_.end());
  current_ = running;
}

Telemetries::Moment Telemetries::now() const {
  const std::scoped_lock lock(mutex_);
  return {current_, unlocked_all()};
}

Telemetries::All::iterator Telemetries::find(const std::string& name) {
  return std::find_if(telemetries_.begin(), telemetries_.end(),
                      [&](const auto& telemetry) { return name == telemetry->strategy; });
}

std::vector<const Telemetry*> Telemetries::all() const {
  const std::scoped_lock lock(mutex_);
  return unlocked_all();
}

std::vector<const Telemetry*> Telemetries::unlocked_all() const {
  std::vector<const Telemetry*> result;
  for (const auto& telemetry : telemetries_)
    result.push_back(telemetry.get());
  return result;
}

}  // namespace waitlab::server
