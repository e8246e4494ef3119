#include "server/counts/thread_track.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace waitlab::server {
namespace {

class VisibleLock : public testing::Test {
 protected:
  /// What the first thread with a lane does; nothing before it has one.
  std::optional<Activity> seen() const {
    std::optional<Activity> activity;
    threads.visit([&](const Track& track) { activity = track.activity(); });
    return activity;
  }

  Tracer tracer;
  Tracks threads{tracer, "fixed-pool", Tracks::Kind::threads};
  std::mutex mutex;
};

TEST_F(VisibleLock, ShowsAThreadThatWaitsForAMutexUntilItHasIt) {
  std::unique_lock taken(mutex);
  Activity with_lock = Activity::idle;
  std::jthread thread([&] {
    const ThreadTrack lane(threads);
    const ScopedActivity work(Activity::running);
    const auto lock = lock_visibly(mutex);
    with_lock = ThreadTrack::of_this_thread()->activity();
  });
  while (seen() != Activity::locked)
    std::this_thread::yield();
  taken.unlock();
  thread.join();
  EXPECT_EQ(with_lock, Activity::running);
}

TEST_F(VisibleLock, HasAFreeMutexWithoutBeingSeen) {
  const ThreadTrack lane(threads);
  tracer.start();
  {
    const auto lock = lock_visibly(mutex);
    EXPECT_TRUE(lock.owns_lock());
  }
  EXPECT_TRUE(tracer.stop({&threads}).spans.empty());
}

TEST_F(VisibleLock, HoldsTheMutexOfAThreadWithoutALaneToo) {
  const auto lock = lock_visibly(mutex);
  EXPECT_TRUE(lock.owns_lock());
  EXPECT_EQ(seen(), std::nullopt);
}

}  // namespace
}  // namespace waitlab::server
