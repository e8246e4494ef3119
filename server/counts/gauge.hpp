#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace waitlab::server {

/// How many of something there are now, and the most there ever were. Thread-safe and lock-free.
class Gauge {
 public:
  void add() noexcept { note_peak(value_.fetch_add(1, std::memory_order_relaxed) + 1); }

  /// Adds one unless there are `most` already. Returns whether it did.
  bool add_below(std::int64_t most) noexcept {
    std::int64_t now = value();
    while (now < most) {
      if (!value_.compare_exchange_weak(now, now + 1, std::memory_order_relaxed)) continue;
      note_peak(now + 1);
      return true;
    }
    return false;
  }
  /// Takes one away unless there are no more than `least`. Returns whether it did.
  bool remove_above(std::int64_t least) noexcept {
    std::int64_t now = value();
    while (now > least) {
      if (value_.compare_exchange_weak(now, now - 1, std::memory_order_relaxed)) return true;
    }
    return false;
  }
  void remove() noexcept { value_.fetch_sub(1, std::memory_order_relaxed); }

  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }
  std::int64_t peak() const noexcept { return peak_.load(std::memory_order_relaxed); }

 private:
  void note_peak(std::int64_t now) noexcept {
    std::int64_t peak = peak_.load(std::memory_order_relaxed);
    while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
    }
  }

  std::atomic<std::int64_t> value_{0};
  std::atomic<std::int64_t> peak_{0};
};

/// Counts one in a gauge for as long as it lives. Move-only.
class Counted {
 public:
  Counted() = default;
  explicit Counted(Gauge& gauge) noexcept : gauge_(&gauge) { gauge.add(); }
  /// Counts none if there are `most` already.
  Counted(Gauge& gauge, std::int64_t most) noexcept : gauge_(gauge.add_below(most) ? &gauge : nullptr) {}
  Counted(Counted&& other) noexcept : gauge_(std::exchange(other.gauge_, nullptr)) {}
  Counted& operator=(Counted&& other) noexcept {
    if (this != &other) {
      reset();
      gauge_ = std::exchange(other.gauge_, nullptr);
    }
    return *this;
  }
  ~Counted() { reset(); }

  explicit operator bool() const noexcept { return gauge_ != nullptr; }

  void reset() noexcept {
    if (gauge_ != nullptr) std::exchange(gauge_, nullptr)->remove();
  }

 private:
  Gauge* gauge_ = nullptr;
};

}  // namespace waitlab::server
