#include "common/process/process_tree.hpp"
#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>

#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using testing::HasSubstr;

/// A client that keeps asking on one connection, each time by an id of its own.
class Asker {
 public:
  Asker(const ServerUnderTest& server, int number)
      : number_(number), connection_(server.connect()), thread_([this] { ask(); }) {}

  ~Asker() {
    stops_ = true;
    thread_.join();
  }

  std::size_t answered() const { return answered_; }

 private:
  void ask() {
    while (!stops_) {
      const std::string id = std::to_string(number_) + "-" + std::to_string(answered_);
      const char* const target = answered_ % 2 == 0 ? "/wait?delay=1ms" : "/plain";
      connection_.send(get_request(target, "X-Request-Id: " + id + "\r\n"));
      const HttpAnswer answer = connection_.receive();
      ASSERT_EQ(answer.status, 200U);
      ASSERT_THAT(answer.text, HasSubstr("\r\nX-Request-Id: " + id + "\r\n"));
      ++answered_;
    }
  }

  const int number_;
  HttpConnection connection_;
  std::atomic<bool> stops_{false};
  std::atomic<std::size_t> answered_{0};
  std::thread thread_;
};

using Askers = std::vector<std::unique_ptr<Asker>>;

/// Until each has had that many answers more.
void await_answers(const Askers& askers, std::size_t more) {
  for (const auto& asker : askers) {
    const std::size_t wanted = asker->answered() + more;
    while (asker->answered() < wanted && !testing::Test::HasFailure())
      std::this_thread::yield();
  }
}

std::ptrdiff_t entries_of(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

/// What this process holds, the server within it, and what it has started.
struct Holdings {
  std::ptrdiff_t descriptors = entries_of("/proc/self/fd");
  std::ptrdiff_t threads = entries_of("/proc/self/task");
  std::size_t processes = process_tree(::getpid()).size();

  bool is_within(const Holdings& other) const {
    return descriptors <= other.descriptors && threads <= other.threads && processes <= other.processes;
  }
};

class Swap : public EveryStrategy {
 protected:
  Swap() { under_test.config.backend.mode = "timer"; }

  void await_no_more_than(const Holdings& wanted) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (Holdings now; !now.is_within(wanted); now = Holdings()) {
      under_test.server().housekeep();
      ASSERT_LT(std::chrono::steady_clock::now(), end)
          << now.descriptors << " descriptors, " << now.threads << " threads and " << now.processes
          << " processes are held, of " << wanted.descriptors << ", " << wanted.threads << " and " << wanted.processes;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Contract, Swap, every_strategy(), strategy_test_name);

TEST_P(Swap, UnderLoadLosesNoRequestAnswersNoneTwiceAndLeavesNothingBehind) {
  under_test.start();
  under_test.connect().get("/wait?delay=1ms");
  under_test.await_status("\"open\": 0");
  const Holdings before;
  {
    Askers askers;
    for (int number = 0; number < 4; ++number)
      askers.push_back(std::make_unique<Asker>(under_test, number));
    for (const std::string& next : strategy_names()) {
      for (const std::string& to : {next, GetParam()}) {
        under_test.switch_to(to);
        EXPECT_EQ(under_test.connect().get("/plain").status, 200U) << to;
        await_answers(askers, 5);
      }
    }
  }
  await_no_more_than(before);
}

}  // namespace
}  // namespace waitlab::server
