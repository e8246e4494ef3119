#pragma once

#include "server/telemetry/telemetry.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace waitlab::server {

/// The telemetry of every strategy that has run in this process, kept so that counters never go back when the strategy
/// is swapped. Owns it; references stay valid. Thread-safe.
class Telemetries {
 public:
  /// The strategy's telemetry; the same as before if it runs again.
  Telemetry& of(const std::string& name);

  /// Says which strategy runs now: one that `of` was asked for.
  void make_current(const std::string& name);

  /// The running strategy's comes last.
  std::vector<const Telemetry*> all() const;

 private:
  using All = std::vector<std::unique_ptr<Telemetry>>;

  All::iterator find(const std::string& name);

  mutable std::mutex mutex_;
  All telemetries_;
};

}  // namespace waitlab::server
