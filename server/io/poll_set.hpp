#pragma once

#include <chrono>
#include <coroutine>
#include <system_error>
#include <vector>

namespace waitlab::server {

/// What one thread waits for at the same time, blocked in one ppoll: descriptors, moments, or both. Belongs to one
/// thread; owns none of its entries.
class PollSet {
 public:
  using Clock = std::chrono::steady_clock;

  /// What has to come before an entry can go on: the descriptor being ready, or that time.
  struct Awaited {
    int descriptor = -1;  ///< none: only the time
    short events = 0;     ///< as poll wants them
    Clock::time_point until = Clock::time_point::max();
  };

  /// Something that has to wait now and then, in the frame of the coroutine that awaits it.
  class Entry {
   public:
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    virtual ~Entry() = default;

    /// Goes on as far as it can without waiting. `waited` tells of the wait before: no error if the descriptor became
    /// ready, timed_out if the time came first. Returns whether all is done; if not, `awaited` says what to wait for.
    virtual bool advance(std::error_code waited) = 0;

    const Awaited& awaited() const noexcept { return awaited_; }

   protected:
    explicit Entry(const Awaited& awaited) noexcept : awaited_(awaited) {}

    Awaited awaited_;

   private:
    friend class PollSet;
    std::coroutine_handle<> waiter_;
  };

  /// `waiter` is resumed, inside `run`, once the entry is done.
  void add(Entry& entry, std::coroutine_handle<> waiter);

  /// Blocks, and resumes what can go on, until nothing waits any more.
  void run();

 private:
  std::vector<std::error_code> wait();

  std::vector<Entry*> entries_;
};

}  // namespace waitlab::server
