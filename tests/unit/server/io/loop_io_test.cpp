#include "server/io/loop_io.hpp"

#include "server/counts/thread_track.hpp"
#include "server/io/loop_io.hpp"
#include "server/io/task.hpp"
#include "tests/support/long_past.hpp"
#include "tests/unit/server/io/loopback_listener.hpp"
#include "tests/unit/server/io/socket_pair.hpp"

#include <gmock/gmock.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <string>
#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
constexpr Clock::time_point never = Clock::time_point::max();

class LoopIoOnPair : public testing::Test {
 protected:
  Task<IoResult> read() {
    auto reading = loop.io.read_some(*socket, into);
    const IoResult result = co_await reading;
    text.append(into.unread());
    into.clear();
    co_return result;
  }
  Task<IoResult> write(std::string_view bytes) {
    auto writing = loop.io.write_all(*socket, bytes);
    const IoResult result = co_await writing;
    co_return result;
  }

  /// Runs whatever the loop has to do, waiting included, until the task has finished.
  IoResult finish(const Task<IoResult>& task) {
    while (!task.await_ready()) {
      loop.context.restart();
      loop.context.run_one();
    }
    return task.get();
  }
  /// Runs what the loop can do at once.
  void poll() {
    loop.context.restart();
    loop.context.poll();
  }

  Loop loop;
  SocketPair pair;
  std::unique_ptr<Socket> socket = loop.io.wrap(std::move(pair.tested));
  InputBuffer into;
  std::string text;
};

TEST_F(LoopIoOnPair, ReadsWhatIsThere) {
  pair.peer_sends("hello");
  EXPECT_FALSE(finish(read()).error);
  EXPECT_EQ(text, "hello");
}

TEST_F(LoopIoOnPair, SuspendsUntilThereIsSomething) {
  const Task<IoResult> reading = read();
  poll();
  EXPECT_FALSE(reading.await_ready());
  pair.peer_sends("later");
  EXPECT_EQ(finish(reading).bytes, 5U);
  EXPECT_EQ(text, "later");
}

TEST_F(LoopIoOnPair, ReadsZeroBytesAtTheEndOfTheStream) {
  pair.peer_sends("last");
  pair.peer.reset();
  EXPECT_EQ(finish(read()).bytes, 4U);
  const IoResult end = finish(read());
  EXPECT_EQ(end.bytes, 0U);
  EXPECT_FALSE(end.error);
}

TEST_F(LoopIoOnPair, TimesOutWhenTheDeadlineHasPassed) {
  socket->expires_at(long_past);
  EXPECT_TRUE(finish(read()).failed_with(std::errc::timed_out));
}

TEST_F(LoopIoOnPair, TimesOutAReadUnderWay) {
  const Task<IoResult> reading = read();
  poll();
  socket->expires_at(Clock::now() + 1ms);
  EXPECT_TRUE(finish(reading).failed_with(std::errc::timed_out));
}

TEST_F(LoopIoOnPair, StaysTimedOutUntilItHasANewDeadline) {
  socket->expires_at(long_past);
  EXPECT_TRUE(finish(read()).failed_with(std::errc::timed_out));
  EXPECT_TRUE(finish(read()).failed_with(std::errc::timed_out));
  socket->expires_at(never);
  pair.peer_sends("late");
  EXPECT_FALSE(finish(read()).error);
  EXPECT_EQ(text, "late");
}

TEST_F(LoopIoOnPair, TimesOutAtTheLaterDeadline) {
  socket->expires_at(Clock::now() + 1ms);
  const Clock::time_point later = Clock::now() + 3ms;
  socket->expires_at(later);
  EXPECT_TRUE(finish(read()).failed_with(std::errc::timed_out));
  EXPECT_GE(Clock::now(), later);
}

TEST_F(LoopIoOnPair, InterruptCancelsTheReadUnderWay) {
  const Task<IoResult> reading = read();
  poll();
  socket->interrupt();
  EXPECT_TRUE(finish(reading).failed_with(std::errc::operation_canceled));
  pair.peer_sends("next");
  EXPECT_FALSE(finish(read()).error);
}

TEST_F(LoopIoOnPair, WritesWithoutSuspendingWhatFits) {
  const Task<IoResult> writing = write("hello");
  ASSERT_TRUE(writing.await_ready());
  EXPECT_EQ(writing.get().bytes, 5U);
  EXPECT_EQ(pair.peer_received(), "hello");
  EXPECT_TRUE(write("").await_ready());
}

TEST_F(LoopIoOnPair, WritesMoreThanFitsInManySends) {
  const std::string sent = more_than_fits();
  const Task<IoResult> writing = write(sent);
  std::string received;
  int turns = 0;
  while (!writing.await_ready()) {
    received += pair.peer_received();
    poll();
    ++turns;
  }
  received += pair.peer_received();
  EXPECT_FALSE(writing.get().error);
  EXPECT_EQ(writing.get().bytes, sent.size());
  EXPECT_GT(turns, 2);
  EXPECT_TRUE(received == sent);
}

TEST_F(LoopIoOnPair, TimesOutWhenThePeerDoesNotRead) {
  const std::string sent = more_than_fits();
  socket->expires_at(Clock::now() + 1ms);
  const IoResult result = finish(write(sent));
  EXPECT_TRUE(result.failed_with(std::errc::timed_out));
  EXPECT_EQ(pair.peer_received(), sent.substr(0, result.bytes));
}

TEST_F(LoopIoOnPair, DoesNotWaitToWriteAfterADeadlineThatPassedBefore) {
  const std::string sent = more_than_fits();
  socket->expires_at(long_past);
  poll();
  const Task<IoResult> writing = write(sent);
  ASSERT_TRUE(writing.await_ready());
  EXPECT_TRUE(writing.get().failed_with(std::errc::timed_out));
  EXPECT_EQ(pair.peer_received(), sent.substr(0, writing.get().bytes));
}

TEST_F(LoopIoOnPair, WritesWhatFitsEvenIfTheDeadlineHasPassed) {
  socket->expires_at(long_past);
  poll();
  EXPECT_FALSE(finish(write("hello")).error);
  EXPECT_EQ(pair.peer_received(), "hello");
}

TEST_F(LoopIoOnPair, AWriteToAClosedPeerIsAnErrorAndNoSignal) {
  pair.peer.reset();
  EXPECT_EQ(finish(write("hello")).error, std::errc::broken_pipe);
}

TEST_F(LoopIoOnPair, AWriteFailsWhenThePeerClosesMeanwhile) {
  const std::string sent = more_than_fits();
  const Task<IoResult> writing = write(sent);
  poll();
  ASSERT_FALSE(writing.await_ready());
  pair.peer.reset();
  const IoResult result = finish(writing);
  EXPECT_TRUE(result.error);
  EXPECT_FALSE(result.failed_with(std::errc::timed_out));
}

TEST_F(LoopIoOnPair, GivesTheDescriptorAwayWithoutItsDeadline) {
  socket->expires_at(long_past);
  const FileDescriptor released = socket->release();
  poll();
  pair.peer_sends("x");
  char byte = 0;
  EXPECT_EQ(::recv(released.get(), &byte, 1, 0), 1);
}

TEST_F(LoopIoOnPair, ShowsItsThreadAsRunningOnlyInAStepOfACoroutine) {
  Tracer tracer;
  Tracks threads(tracer, "event-loop", Tracks::Kind::threads);
  const ThreadTrack lane(threads);
  const Track& thread = *ThreadTrack::of_this_thread();
  const auto look_after_reading = [&]() -> Task<Activity> {
    const IoResult result = co_await read();
    EXPECT_EQ(result.bytes, 1U);
    co_return thread.activity();
  };
  const Task<Activity> looking = look_after_reading();
  poll();
  EXPECT_EQ(thread.activity(), Activity::idle);
  pair.peer_sends("x");
  while (!looking.await_ready())
    poll();
  EXPECT_EQ(looking.get(), Activity::running);
  EXPECT_EQ(thread.activity(), Activity::idle);
}

Task<Connect::Connected> connect(Loop& loop, const SocketAddress& address) {
  auto connecting = loop.io.connect(address, Clock::now() + 1min);
  Connect::Connected connected = co_await connecting;
  co_return connected;
}

Connect::Connected finish_connecting(Loop& loop, const SocketAddress& address) {
  const Task<Connect::Connected> task = connect(loop, address);
  while (!task.await_ready())
    loop.context.run_one();
  return task.get();
}

TEST_F(LoopIoOnPair, ASocketThatTheKernelDoesNotWatchKeepsItsDescriptorAndWaitsForNothing) {
  SocketPair other;
  // Watched for this loop already, it can't be watched a second time.
  boost::asio::posix::stream_descriptor watched(loop.context, other.tested.get());
  socket = loop.io.wrap(std::move(other.tested));
  other.peer_sends("unread");
  EXPECT_EQ(finish(read()).error, std::errc::no_buffer_space);
  EXPECT_FALSE(finish(write("fits")).error);
  EXPECT_EQ(other.peer_received(), "fits");
  EXPECT_EQ(finish(write(more_than_fits())).error, std::errc::no_buffer_space);
  EXPECT_TRUE(socket->release());
  watched.release();
}

TEST(LoopIo, ConnectsToAListener) {
  const LoopbackListener listener;
  listener.listen();
  Loop loop;
  const Connect::Connected connected = finish_connecting(loop, listener.address());
  ASSERT_TRUE(connected.socket) << connected.error.message();
  EXPECT_TRUE(loop.io.write_all(*connected.socket, "hello").await_ready());
  EXPECT_EQ(listener.accept_and_receive(5), "hello");
}

TEST(LoopIo, SaysThatAConnectionWasRefused) {
  const LoopbackListener deaf;
  Loop loop;
  const Connect::Connected connected = finish_connecting(loop, deaf.address());
  EXPECT_FALSE(connected.socket);
  EXPECT_EQ(connected.error, std::errc::connection_refused);
}

Task<void> sleep_and_note(Loop& loop, Clock::time_point time, std::vector<int>& order, int number) {
  auto sleeping = loop.io.sleep_until(time);
  co_await sleeping;
  order.push_back(number);
}

TEST(LoopIo, WakesSleepersInTheOrderOfTheirTimes) {
  Loop loop;
  std::vector<int> order;
  const Clock::time_point now = Clock::now();
  const Task<void> third = sleep_and_note(loop, now + 3ms, order, 3);
  const Task<void> first = sleep_and_note(loop, now + 1ms, order, 1);
  const Task<void> second = sleep_and_note(loop, now + 2ms, order, 2);
  const Task<void> passed = sleep_and_note(loop, long_past, order, 0);
  loop.context.run();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
  EXPECT_GE(Clock::now(), now + 3ms);
}

TEST(LoopIo, ExpiresTheDeadlinesOfManySockets) {
  Loop loop;
  std::vector<std::unique_ptr<SocketPair>> pairs;
  std::vector<std::unique_ptr<Socket>> sockets;
  std::vector<Task<bool>> reads;
  const auto times_out = [](Loop& in, Socket& tested) -> Task<bool> {
    InputBuffer into;
    auto reading = in.io.read_some(tested, into);
    const IoResult result = co_await reading;
    co_return result.failed_with(std::errc::timed_out);
  };
  for (int number = 0; number < 20; ++number) {
    pairs.push_back(std::make_unique<SocketPair>());
    sockets.push_back(loop.io.wrap(std::move(pairs.back()->tested)));
    sockets.back()->expires_at(Clock::now() + std::chrono::microseconds(100 * (20 - number)));
    reads.push_back(times_out(loop, *sockets.back()));
  }
  loop.context.run();
  for (const Task<bool>& read : reads) {
    ASSERT_TRUE(read.await_ready());
    EXPECT_TRUE(read.get());
  }
}

}  // namespace
}  // namespace waitlab::server
