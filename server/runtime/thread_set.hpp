#pragma once

#include <pthread.h>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>

namespace waitlab::server {

/// Threads that are started one by one and end by themselves. One that has ended is joined by `join_ended`, or at the
/// latest by the destructor, which waits for all. Thread-safe.
class ThreadSet {
 public:
  static constexpr std::size_t default_stack = 0;  ///< what the system gives a thread: `ulimit -s`

  /// `stack_bytes`: of each thread.
  explicit ThreadSet(std::size_t stack_bytes = default_stack) : stack_bytes_(stack_bytes) {}
  ~ThreadSet();

  ThreadSet(const ThreadSet&) = delete;
  ThreadSet& operator=(const ThreadSet&) = delete;

  /// Runs it on a new thread; it must not throw. Returns false, without a call, if the kernel grants no thread.
  bool start(std::function<void()> run);

  /// Gives back what ended threads still hold: the kernel keeps their stacks until they are joined.
  void join_ended();

 private:
  struct Thread;
  using Threads = std::list<Thread>;
  struct Thread {
    ThreadSet& set;
    std::function<void()> run;
    pthread_t id{};
    Threads::iterator self{};
  };

  static void* enter(void* thread);
  void end(Thread& thread);

  const std::size_t stack_bytes_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable none_runs_;
  Threads running_;
  Threads ended_;
};

}  // namespace waitlab::server
