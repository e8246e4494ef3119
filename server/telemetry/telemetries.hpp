#pragma once

#include "common/facts/strategy_facts.hpp"
#include "server/counts/telemetry.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace waitlab::server {

/// The strategy that runs, as it was configured.
struct RunningStrategy {
  std::string name;
  StrategyFacts facts;
  std::uint32_t max_connections = 0;
};

/// The telemetry of every strategy that has run in this process, kept so that counters never go back when the strategy
/// is swapped. Owns it; references stay valid. Thread-safe. Processes that serve may share each.
class Telemetries {
 public:
  /// All of it lies in the file, if there is one, which must outlive it.
  explicit Telemetries(SharedFile* file = nullptr) : file_(file) {}

  /// The strategy's telemetry; the same as before if it runs again.
  Telemetry& of(const std::string& name);

  /// Says which strategy runs now: one that `of` was asked for.
  void make_current(const RunningStrategy& running);

  /// Of all of them.
  Tracer& tracer() noexcept { return tracer_; }

  /// The running strategy's comes last.
  std::vector<const Telemetry*> all() const;

  /// Which strategy runs, and the telemetry of all, its own last: of one moment, so that they go together.
  struct Moment {
    RunningStrategy running;
    std::vector<const Telemetry*> all;

    const Telemetry& current() const { return *all.back(); }
  };
  Moment now() const;

 private:
  using All = std::vector<std::unique_ptr<Telemetry>>;

  All::iterator find(const std::string& name);
  std::vector<const Telemetry*> unlocked_all() const;

  SharedFile* const file_;
  Tracer tracer_{file_};
  mutable std::mutex mutex_;
  All telemetries_;
  RunningStrategy current_;
};

}  // namespace waitlab::server
