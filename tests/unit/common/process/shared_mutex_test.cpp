#include "common/process/shared_mutex.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

namespace waitlab {
namespace {

/// In memory that a child shares.
class SharedMutexTest : public testing::Test {
 protected:
  struct Guarded {
    SharedMutex mutex;
    int number = 0;
  };

  SharedMutexTest() : guarded(*new (memory) Guarded) {}
  ~SharedMutexTest() override {
    guarded.~Guarded();
    ::munmap(memory, sizeof(Guarded));
  }

  /// Runs that in a child, which ends without leaving any scope, as one that is killed does.
  template <class Work>
  static void run_in_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
  }

  void* const memory = ::mmap(nullptr, sizeof(Guarded), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Guarded& guarded;
};

TEST_F(SharedMutexTest, LetsOneThreadInAtATime) {
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([this] {
        for (int time = 0; time < 10'000; ++time) {
          const std::scoped_lock lock(guarded.mutex);
          ++guarded.number;
        }
      });
    }
  }
  EXPECT_EQ(guarded.number, 40'000);
}

TEST_F(SharedMutexTest, IsLockedForOtherProcessesToo) {
  const std::scoped_lock lock(guarded.mutex);
  run_in_child([this] { guarded.number = guarded.mutex.try_lock() ? 1 : 2; });
  EXPECT_EQ(guarded.number, 2);
}

TEST_F(SharedMutexTest, IsFreeAgainWhenItsOwnerHasDied) {
  run_in_child([this] { guarded.mutex.lock(); });
  const std::scoped_lock lock(guarded.mutex);
  EXPECT_TRUE(guarded.mutex.take_owner_died());
  EXPECT_FALSE(guarded.mutex.take_owner_died());
}

TEST_F(SharedMutexTest, CanBeTriedAndUsedOnWhenItsOwnerHasDied) {
  run_in_child([this] { guarded.mutex.lock(); });
  ASSERT_TRUE(guarded.mutex.try_lock());
  EXPECT_TRUE(guarded.mutex.take_owner_died());
  guarded.mutex.unlock();
  run_in_child([this] {
    const std::scoped_lock lock(guarded.mutex);
    guarded.number = 3;
  });
  EXPECT_EQ(guarded.number, 3);
  const std::scoped_lock lock(guarded.mutex);
  EXPECT_FALSE(guarded.mutex.take_owner_died());
}

}  // namespace
}  // namespace waitlab
