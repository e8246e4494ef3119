#include "backend/profiles.hpp"

namespace waitlab::backend {

Profiles::Entry::Entry(DelayProfile profile, TimeSource& time)
    : holds(std::move(profile), time, [this](const HoldRecord& record) {
        if (log) log->append(record);
      }) {}

Profiles::Profiles(const DelayProfiles& profiles, TimeSource& time) : time_(time) {
  entries_.try_emplace("", profiles.standard, time);
  for (const auto& [name, profile] : profiles.named)
    entries_.try_emplace(name, profile, time);
}

Result<void> Profiles::open_logs() {
  for (auto& [name, entry] : entries_) {
    const std::string& path = entry.holds.profile().hold_log;
    if (path.empty()) continue;
    auto log = HoldLog::open(path, (name.empty() ? "profile" : "profiles." + name) + ".hold_log", time_);
    if (!log) return log.error();
    entry.log = std::move(*log);
  }
  return {};
}

void Profiles::reopen_logs() {
  for (auto& [name, entry] : entries_)
    if (entry.log) entry.log->reopen();
}

Result<HoldService*> Profiles::find(std::string_view name) {
  if (const auto found = entries_.find(name); found != entries_.end()) return &found->second.holds;
  std::vector<std::string> names;
  for (const auto& [known, counts] : counts_by_name())
    names.push_back(known);
  return unknown_profile(name, names);
}

HoldCounts Profiles::counts() const {
  HoldCounts sum;
  for (const auto& [name, entry] : entries_)
    sum += entry.holds.counts();
  return sum;
}

std::vector<std::pair<std::string, HoldCounts>> Profiles::counts_by_name() const {
  std::vector<std::pair<std::string, HoldCounts>> counts;
  for (const auto& [name, entry] : entries_)
    if (!name.empty()) counts.emplace_back(name, entry.holds.counts());
  return counts;
}

}  // namespace waitlab::backend
