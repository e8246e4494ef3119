#pragma once

#include "backend/hold_log.hpp"
#include "backend/hold_service.hpp"
#include "backend/time_source.hpp"
#include "common/delay/delay_profiles.hpp"
#include "common/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::backend {

/// The profiles by name, each with holds, a cap and a log of its own, as if each were a backend by itself. The standard
/// one has an empty name. One thread; the time source must outlive it.
class Profiles {
 public:
  /// They must have been prepared.
  Profiles(const DelayProfiles& profiles, TimeSource& time);
  Profiles(const Profiles&) = delete;
  Profiles& operator=(const Profiles&) = delete;

  /// Opens the logs of those that have one. Nothing is logged before.
  Result<void> open_logs();

  /// Goes on in new files where logs were moved away.
  void reopen_logs();

  /// The holds of a profile. The Failure of a name that there is not lists those that there are.
  Result<HoldService*> find(std::string_view name);

  /// Of all profiles together.
  HoldCounts counts() const;

  /// Of each that has a name, in their order.
  std::vector<std::pair<std::string, HoldCounts>> counts_by_name() const;

 private:
  struct Entry {
    Entry(DelayProfile profile, TimeSource& time);

    std::unique_ptr<HoldLog> log;
    HoldService holds;
  };

  void add(const std::string& name, const DelayProfile& profile);

  TimeSource& time_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace waitlab::backend
