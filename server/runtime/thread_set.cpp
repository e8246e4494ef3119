#include "server/runtime/thread_set.hpp"

#include <utility>

namespace waitlab::server {

ThreadSet::~ThreadSet() {
  {
    std::unique_lock lock(mutex_);
    none_runs_.wait(lock, [this] { return running_.empty(); });
  }
  join_ended();
}

bool ThreadSet::start(std::function<void()> run) {
  // std::thread has no way to ask for a stack's size.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (stack_bytes_ != default_stack) pthread_attr_setstacksize(&attributes, stack_bytes_);
  bool started = false;
  {
    // Held until the thread is known by its id, which it may end before.
    const std::scoped_lock lock(mutex_);
    const auto thread = running_.insert(running_.end(), {*this, std::move(run)});
    thread->self = thread;
    started = pthread_create(&thread->id, &attributes, enter, &*thread) == 0;
    if (!started) running_.erase(thread);
  }
  pthread_attr_destroy(&attributes);
  return started;
}

void* ThreadSet::enter(void* thread) {
  auto& entered = *static_cast<Thread*>(thread);
  // What it was given goes with it, and not only once it is joined.
  std::exchange(entered.run, nullptr)();
  entered.set.end(entered);
  return nullptr;
}

void ThreadSet::end(Thread& thread) {
  const std::scoped_lock lock(mutex_);
  ended_.splice(ended_.end(), running_, thread.self);
  if (running_.empty()) none_runs_.notify_all();
}

void ThreadSet::join_ended() {
  Threads ended;
  {
    const std::scoped_lock lock(mutex_);
    ended.swap(ended_);
  }
  for (const Thread& thread : ended)
    pthread_join(thread.id, nullptr);
}

}  // namespace waitlab::server
