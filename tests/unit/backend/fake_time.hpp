#pragma once

#include "backend/time_source.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace waitlab::backend {

/// Time that moves only when a test says so. It must outlive its timers.
class FakeTime final : public TimeSource {
 public:
  TimePoint now() const override { return now_; }
  UnixTime unix_time(TimePoint moment) const override { return UnixTime{moment.time_since_epoch()}; }

  std::unique_ptr<Timer> call_at(TimePoint when, std::function<void()> call) override {
    return std::make_unique<FakeTimer>(calls_, calls_.emplace(std::pair{when, ++last_}, std::move(call)).first->first);
  }

  /// Lets time pass, making the calls that fall due at their times.
  void advance(std::chrono::nanoseconds by) {
    const TimePoint end = now_ + by;
    while (!calls_.empty() && calls_.begin()->first.first <= end) {
      auto due = calls_.extract(calls_.begin());
      now_ = std::max(now_, due.key().first);
      due.mapped()();
    }
    now_ = end;
  }

  /// Lets time pass without making any call, as when the loop is late.
  void stall(std::chrono::nanoseconds by) { now_ += by; }

  std::size_t pending() const { return calls_.size(); }

 private:
  using Calls = std::map<std::pair<TimePoint, int>, std::function<void()>>;

  class FakeTimer final : public Timer {
   public:
    FakeTimer(Calls& calls, Calls::key_type key) : calls_(calls), key_(key) {}
    ~FakeTimer() override { calls_.erase(key_); }

   private:
    Calls& calls_;
    Calls::key_type key_;
  };

  TimePoint now_{};
  int last_ = 0;
  Calls calls_;
};

}  // namespace waitlab::backend
