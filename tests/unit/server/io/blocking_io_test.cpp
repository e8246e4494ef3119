#include "server/io/blocking_io.hpp"

#include "server/counts/telemetry.hpp"
#include "server/counts/thread_track.hpp"
#include "tests/support/long_past.hpp"
#include "tests/unit/server/io/loopback_listener.hpp"
#include "tests/unit/server/io/socket_pair.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace waitlab::server {
namespace {

using Clock = BlockingIo::Clock;

constexpr std::errc canceled = std::errc::operation_canceled;

/// What a call comes to, which must not suspend.
template <class Call>
auto await(Call call) {
  EXPECT_TRUE(call.await_ready());
  return call.await_resume();
}

class BlockingIoOnPair : public testing::Test {
 protected:
  IoResult read() { return await(io.read_some(*socket, into)); }
  IoResult write(std::string_view bytes) { return await(io.write_all(*socket, bytes)); }
  /// What was received, and has not been looked at yet.
  std::string text(const IoResult& result) {
    std::string received(into.unread());
    EXPECT_EQ(received.size(), result.bytes);
    into.clear();
    return received;
  }

  BlockingIo io;
  SocketPair pair;
  std::unique_ptr<Socket> socket = io.wrap(std::move(pair.tested));
  InputBuffer into;
};

TEST_F(BlockingIoOnPair, ReadsWhatIsThere) {
  pair.peer_sends("hello");
  const IoResult result = read();
  EXPECT_FALSE(result.error);
  EXPECT_EQ(text(result), "hello");
}

TEST_F(BlockingIoOnPair, WaitsForWhatIsNotThereYet) {
  std::thread peer([this] { pair.peer_sends("later"); });
  EXPECT_EQ(text(read()), "later");
  peer.join();
}

TEST_F(BlockingIoOnPair, ReadsZeroBytesAtTheEndOfTheStream) {
  pair.peer_sends("last");
  pair.peer.reset();
  EXPECT_EQ(text(read()), "last");
  const IoResult end = read();
  EXPECT_EQ(end.bytes, 0U);
  EXPECT_FALSE(end.error);
}

TEST_F(BlockingIoOnPair, TimesOutAtOnceWhenTheDeadlineHasPassed) {
  socket->expires_at(long_past);
  EXPECT_TRUE(read().failed_with(std::errc::timed_out));
}

TEST_F(BlockingIoOnPair, TimesOutWhenTheDeadlinePasses) {
  socket->expires_at(Clock::now() + std::chrono::milliseconds(1));
  EXPECT_TRUE(read().failed_with(std::errc::timed_out));
}

TEST_F(BlockingIoOnPair, ReadsWhatIsThereEvenIfTheDeadlineHasPassed) {
  pair.peer_sends("there");
  socket->expires_at(long_past);
  EXPECT_EQ(text(read()), "there");
}

TEST_F(BlockingIoOnPair, ReadsAgainAfterATimeout) {
  socket->expires_at(long_past);
  EXPECT_TRUE(read().failed_with(std::errc::timed_out));
  socket->expires_at(Clock::time_point::max());
  pair.peer_sends("late");
  EXPECT_EQ(text(read()), "late");
}

TEST_F(BlockingIoOnPair, WritesAll) {
  const IoResult result = write("hello");
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.bytes, 5U);
  EXPECT_EQ(pair.peer_received(), "hello");
  EXPECT_EQ(write("").bytes, 0U);
}

TEST_F(BlockingIoOnPair, WritesMoreThanFitsAsThePeerReads) {
  const std::string sent = more_than_fits();
  std::string received;
  std::thread peer([&] {
    while (received.size() < sent.size())
      received += pair.peer_received();
  });
  const IoResult result = write(sent);
  peer.join();
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.bytes, sent.size());
  EXPECT_TRUE(received == sent);
}

TEST_F(BlockingIoOnPair, TimesOutWhenThePeerDoesNotRead) {
  const std::string sent = more_than_fits();
  socket->expires_at(long_past);
  const IoResult result = write(sent);
  EXPECT_TRUE(result.failed_with(std::errc::timed_out));
  EXPECT_LT(result.bytes, sent.size());
  EXPECT_EQ(pair.peer_received(), sent.substr(0, result.bytes));
}

TEST_F(BlockingIoOnPair, AWriteToAClosedPeerIsAnErrorAndNoSignal) {
  pair.peer.reset();
  EXPECT_EQ(write("hello").error, std::errc::broken_pipe);
}

TEST_F(BlockingIoOnPair, ShowsItsThreadAsWaitingOnlyWhileItBlocks) {
  Tracer tracer;
  Tracks threads(tracer, "fixed-pool", Tracks::Kind::threads);
  const ThreadTrack lane(threads);
  const Track& thread = *ThreadTrack::of_this_thread();
  const ScopedActivity running(Activity::running);
  std::thread peer([&] {
    while (thread.activity() != Activity::waiting)
      std::this_thread::yield();
    pair.peer_sends("later");
  });
  EXPECT_EQ(text(read()), "later");
  peer.join();
  EXPECT_EQ(thread.activity(), Activity::running);
}

TEST_F(BlockingIoOnPair, ShowsItsThreadAsLockedWhileItSleepsForALock) {
  Tracer tracer;
  Tracks threads(tracer, "fixed-pool", Tracks::Kind::threads);
  const ThreadTrack lane(threads);
  const Track& thread = *ThreadTrack::of_this_thread();
  std::thread peer([&] {
    while (thread.activity() != Activity::locked)
      std::this_thread::yield();
    pair.peer.reset();
  });
  EXPECT_FALSE(await(io.sleep_locked_until(Clock::time_point::max(), socket.get()))) << "its client has gone";
  peer.join();
  EXPECT_EQ(thread.activity(), Activity::idle);
}

TEST_F(BlockingIoOnPair, GivesTheDescriptorAway) {
  const int fd = socket->native_handle();
  const FileDescriptor released = socket->release();
  EXPECT_EQ(released.get(), fd);
  pair.peer_sends("x");
  char byte = 0;
  EXPECT_EQ(::recv(released.get(), &byte, 1, 0), 1);
}

TEST(BlockingIo, ConnectsToAListener) {
  const LoopbackListener listener;
  listener.listen();
  BlockingIo io;
  const Connect::Connected connected = await(io.connect(listener.address(), Clock::now() + std::chrono::minutes(1)));
  ASSERT_TRUE(connected.socket) << connected.error.message();
  EXPECT_FALSE(await(io.write_all(*connected.socket, "hello")).error);
  EXPECT_EQ(listener.accept_and_receive(5), "hello");
}

TEST(BlockingIo, SaysThatAConnectionWasRefused) {
  const LoopbackListener deaf;
  BlockingIo io;
  const Connect::Connected connected = await(io.connect(deaf.address(), Clock::now() + std::chrono::minutes(1)));
  EXPECT_FALSE(connected.socket);
  EXPECT_EQ(connected.error, std::errc::connection_refused);
}

TEST(BlockingIo, SleepsUntilTheTimeAndNotAtAllForOneThatHasPassed) {
  BlockingIo io;
  await(io.sleep_until(long_past));
  const Clock::time_point time = Clock::now() + std::chrono::milliseconds(2);
  await(io.sleep_until(time));
  EXPECT_GE(Clock::now(), time);
}

class IdleIoOnPair : public testing::Test {
 protected:
  IoResult read() { return await(io.read_some(*socket, into)); }

  IdleIo io;
  SocketPair pair;
  std::unique_ptr<Socket> socket = io.wrap(std::move(pair.tested));
  InputBuffer into;
};

TEST_F(IdleIoOnPair, ReceivesWhatComes) {
  std::thread peer([this] { pair.peer_sends("hello"); });
  EXPECT_EQ(read().bytes, 5U);
  peer.join();
}

TEST_F(IdleIoOnPair, IsEndedByAnInterruptionWhoeverWaits) {
  std::thread other([this] { EXPECT_EQ(io.wait(IdleIo::no_descriptor, 0, Clock::time_point::max()), canceled); });
  std::thread interrupter([this] { io.interrupt(); });
  EXPECT_TRUE(read().failed_with(canceled));
  EXPECT_TRUE(read().failed_with(canceled)) << "and so is the next wait";
  other.join();
  interrupter.join();
}

TEST_F(IdleIoOnPair, ReceivesWhatIsThereBeforeItIsInterrupted) {
  pair.peer_sends("hello");
  io.interrupt();
  EXPECT_EQ(read().bytes, 5U);
}

TEST_F(IdleIoOnPair, EndsAtTheDeadline) {
  socket->expires_at(long_past);
  EXPECT_TRUE(read().failed_with(std::errc::timed_out));
}

TEST_F(IdleIoOnPair, ShowsItsThreadAsTied) {
  Tracer tracer;
  Telemetry telemetry{"thread-per-connection", tracer};
  const ThreadTrack lane(telemetry.threads);
  const Track& track = *ThreadTrack::of_this_thread();
  std::thread peer([&] {
    while (track.activity() != Activity::tied)
      std::this_thread::yield();
    pair.peer_sends("hello");
  });
  EXPECT_EQ(read().bytes, 5U);
  EXPECT_EQ(track.activity(), Activity::idle);
  peer.join();
}

}  // namespace
}  // namespace waitlab::server
