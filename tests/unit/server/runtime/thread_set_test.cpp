#include "server/runtime/thread_set.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>

namespace waitlab::server {
namespace {

TEST(ThreadSet, WaitsForAllItsThreadsAtItsEnd) {
  std::atomic<int> ended{0};
  {
    ThreadSet threads;
    for (int thread = 0; thread < 20; ++thread)
      EXPECT_TRUE(threads.start([&] { ++ended; }));
  }
  EXPECT_EQ(ended, 20);
}

TEST(ThreadSet, LetsGoOfWhatAThreadWasGivenAsItEnds) {
  ThreadSet threads;
  const auto given = std::make_shared<int>(1);
  ASSERT_TRUE(threads.start([given] {}));
  while (given.use_count() > 1)
    std::this_thread::yield();
}

TEST(ThreadSet, AThreadOfItsMayStartAnother) {
  std::latch done(1);
  ThreadSet threads;
  ASSERT_TRUE(threads.start([&] {
    threads.join_ended();
    EXPECT_TRUE(threads.start([&] { done.count_down(); }));
  }));
  done.wait();
}

TEST(ThreadSet, GivesAThreadTheStackItIsAskedFor) {
  constexpr std::size_t bytes = 256 * 1024;
  std::size_t size = 0;
  {
    ThreadSet threads(bytes);
    ASSERT_TRUE(threads.start([&] {
      pthread_attr_t attributes;
      pthread_getattr_np(pthread_self(), &attributes);
      pthread_attr_getstacksize(&attributes, &size);
      pthread_attr_destroy(&attributes);
    }));
  }
  EXPECT_EQ(size, bytes);
}

TEST(ThreadSet, SaysSoWhereThereIsNoRoomForAStack) {
  ThreadSet threads(std::size_t{1} << 47);
  EXPECT_FALSE(threads.start([] { FAIL(); }));
}

}  // namespace
}  // namespace waitlab::server
