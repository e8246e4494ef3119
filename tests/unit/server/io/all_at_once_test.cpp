#include "server/io/all_at_once.hpp"

#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"
#include "tests/unit/server/io/loopback_listener.hpp"
#include "tests/unit/server/io/socket_pair.hpp"

#include <gmock/gmock.h>

#include <array>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

using Moment = std::chrono::steady_clock::time_point;

/// An Io, and what has to be done for a task over it to end.
template <class TestedIo>
struct Ground;

template <>
struct Ground<BlockingIo> {
  void finish(const auto& task) { EXPECT_TRUE(task.await_ready()); }

  BlockingIo io;
};

template <>
struct Ground<LoopIo> {
  void finish(const auto& task) {
    while (!task.await_ready())
      loop.context.run_one();
  }

  Loop loop;
  LoopIo& io = loop.io;
};

template <class TestedIo>
class AllAtOnce : public testing::Test {
 protected:
  static constexpr std::size_t count = 3;

  AllAtOnce() {
    for (SocketPair& pair : pairs) {
      sockets.push_back(ground.io.wrap(std::move(pair.tested)));
      sockets.back()->expires_at(std::chrono::steady_clock::now() + 30s);
    }
  }

  /// Sends a question and reads the answer; '-' if none comes in time.
  Task<char> ask(Io& io, std::size_t index) {
    auto writing = io.write_all(*sockets[index], "?");
    co_await writing;
    InputBuffer into;
    auto reading = io.read_some(*sockets[index], into);
    const IoResult read = co_await reading;
    ++ended;
    co_return read.bytes == 1 ? into.unread()[0] : '-';
  }

  Task<char> ask_and_fail(Io& io, std::size_t index) {
    const char answer = co_await ask(io, index);
    if (index == 1) throw std::runtime_error("call 1");
    co_return answer;
  }

  Task<std::size_t> sleep(Io& io, std::size_t index, Moment time) {
    auto sleeping = io.sleep_until(time);
    co_await sleeping;
    co_return index;
  }

  Task<std::error_code> connect(Io& io, const SocketAddress& address) {
    auto connecting = io.connect(address, std::chrono::steady_clock::now() + 30s);
    const Connect::Connected connected = co_await connecting;
    co_return connected.error;
  }

  template <class T>
  std::vector<T> all(auto start) {
    const auto task = all_at_once<T>(ground.io, count, start);
    ground.finish(task);
    return task.get();
  }

  /// Answers the first `questions` questions, last first, once all of them have come.
  void answer(std::size_t questions = count) {
    std::array<char, 1> question{};
    for (std::size_t index = 0; index < questions; ++index)
      ::recv(pairs[index].peer.get(), question.data(), 1, 0);
    for (std::size_t index = questions; index-- > 0;)
      pairs[index].peer_sends({&"abc"[index], 1});
  }

  Ground<TestedIo> ground;
  std::array<SocketPair, count> pairs;
  std::vector<std::unique_ptr<Socket>> sockets;
  std::size_t ended = 0;
};

using EveryIo = testing::Types<BlockingIo, LoopIo>;
TYPED_TEST_SUITE(AllAtOnce, EveryIo);

TYPED_TEST(AllAtOnce, AsksEverythingBeforeItWaitsAndKeepsTheOrder) {
  std::thread peer([this] { this->answer(); });
  const auto answers = this->template all<char>([this](Io& io, std::size_t index) { return this->ask(io, index); });
  peer.join();
  EXPECT_THAT(answers, ElementsAre('a', 'b', 'c'));
}

TYPED_TEST(AllAtOnce, EndsEachAtItsOwnDeadline) {
  this->sockets[0]->expires_at(std::chrono::steady_clock::now() + 1ms);
  this->pairs[1].peer_sends("b");
  this->pairs[2].peer_sends("c");
  const auto answers = this->template all<char>([this](Io& io, std::size_t index) { return this->ask(io, index); });
  EXPECT_THAT(answers, ElementsAre('-', 'b', 'c'));
}

TYPED_TEST(AllAtOnce, LetsAnExceptionOutOnceAllHaveEnded) {
  std::thread peer([this] { this->answer(); });
  const auto start = [this](Io& io, std::size_t index) { return this->ask_and_fail(io, index); };
  EXPECT_THROW(this->template all<char>(start), std::runtime_error);
  peer.join();
  EXPECT_EQ(this->ended, 3U);
}

TYPED_TEST(AllAtOnce, WaitsForWhatHasStartedIfTheRestCannot) {
  std::thread peer([this] { this->answer(2); });
  const auto start = [this](Io& io, std::size_t index) {
    if (index == 2) throw std::bad_alloc();
    return this->ask(io, index);
  };
  EXPECT_THROW(this->template all<char>(start), std::bad_alloc);
  peer.join();
  EXPECT_EQ(this->ended, 2U);
}

TYPED_TEST(AllAtOnce, SleepsUntilTheLastOfTheTimes) {
  const Moment now = std::chrono::steady_clock::now();
  const std::array<Moment, 3> times = {now + 3ms, now + 1ms, now + 2ms};
  const auto start = [&](Io& io, std::size_t index) { return this->sleep(io, index, times[index]); };
  EXPECT_THAT(this->template all<std::size_t>(start), ElementsAre(0U, 1U, 2U));
  EXPECT_GE(std::chrono::steady_clock::now(), times[0]);
}

TYPED_TEST(AllAtOnce, Connects) {
  const LoopbackListener listener;
  listener.listen();
  const LoopbackListener deaf;
  const std::array<SocketAddress, 3> addresses = {listener.address(), deaf.address(), listener.address()};
  const auto start = [&](Io& io, std::size_t index) { return this->connect(io, addresses[index]); };
  EXPECT_THAT(this->template all<std::error_code>(start),
              ElementsAre(std::error_code(), std::errc::connection_refused, std::error_code()));
}

}  // namespace
}  // namespace waitlab::server
