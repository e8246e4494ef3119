#include "server/runtime/compute_pool.hpp"

#include "server/counts/telemetry.hpp"
#include "server/counts/thread_track.hpp"
#include "server/io/loop_io.hpp"
#include "server/io/task.hpp"
#include "tests/support/long_past.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <thread>

namespace waitlab::server {
namespace {

/// Gives its work to a pool of one thread with room for one piece more.
class PooledIo final : public LoopIo {
 public:
  PooledIo(boost::asio::io_context& loop, Tracks& threads)
      : LoopIo(loop), pool({.threads = 1, .queue_capacity = 1}, loop, threads) {}

  bool begin(Call& call) override { return !pool.try_push(static_cast<Compute&>(call)); }
  void park(Call&) override {}

  ComputePool pool;
};

class ComputePoolTest : public testing::Test {
 protected:
  Task<Compute::Done> compute(Compute::Work work, Io::Clock::time_point deadline = Io::Clock::time_point::max()) {
    auto computing = io.compute(std::move(work), deadline, nullptr);
    co_return co_await computing;
  }

  /// Has the thread at work until `goes_on` is counted down.
  Task<Compute::Done> occupy() {
    auto task = compute([this] {
      begun.count_down();
      goes_on.wait();
    });
    begun.wait();
    return task;
  }

  std::latch begun{1};
  std::latch goes_on{1};
  Tracer tracer;
  Telemetry telemetry{"event-loop-with-pool", tracer};
  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open = boost::asio::make_work_guard(loop);
  PooledIo io{loop, telemetry.threads};
};

TEST_F(ComputePoolTest, WorksOnAThreadOfItsOwnAndGoesOnOnTheLoops) {
  std::thread::id worked;
  const auto task = compute([&] { worked = std::this_thread::get_id(); });
  EXPECT_FALSE(task.await_ready());
  loop.run_one();
  EXPECT_TRUE(task.await_ready());
  EXPECT_FALSE(task.get().error);
  EXPECT_NE(worked, std::this_thread::get_id());
}

TEST_F(ComputePoolTest, TakesNoMoreThanItHasRoomFor) {
  const auto first = occupy();
  const auto second = compute([] {});
  auto third = io.compute([] { FAIL(); }, Io::Clock::time_point::max(), nullptr);
  EXPECT_TRUE(third.await_ready()) << "rejected at once";
  goes_on.count_down();
  while (!second.await_ready())
    loop.run_one();
}

TEST_F(ComputePoolTest, DoesNothingOnceTheDeadlineHasPassed) {
  const auto task = compute([] { FAIL(); }, long_past);
  loop.run_one();
  EXPECT_EQ(task.get().error, std::errc::timed_out);
}

TEST_F(ComputePoolTest, ThrowsWhatTheWorkThrewWhereItIsAwaited) {
  const auto task = compute([] { throw std::runtime_error("no such file"); });
  loop.run_one();
  EXPECT_THROW(static_cast<void>(task.get()), std::runtime_error);
}

TEST_F(ComputePoolTest, TellsHowLongWorkWaitedForAThread) {
  const auto first = occupy();
  const auto second = compute([] {});
  const auto since = Io::Clock::now();
  std::this_thread::yield();
  const auto least = Io::Clock::now() - since;
  goes_on.count_down();
  while (!second.await_ready())
    loop.run_one();
  EXPECT_GE(second.get().queued, least);
}

}  // namespace
}  // namespace waitlab::server
