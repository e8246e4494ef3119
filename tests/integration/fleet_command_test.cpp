#include "common/process/child_process.hpp"
#include "tests/integration/client_program.hpp"
#include "tests/support/gated_backend.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace waitlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// The real collector and its workers, in front of a backend that the test holds.
class FleetCommandTest : public testing::Test {
 protected:
  ChildProcess collect(const std::string& workers, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"collector", "--workers", workers, "--listen", "127.0.0.1:0", "--json",
                                         json_.path(), "--no-tui"});
    arguments.push_back("http://" + backend_.address() + "/path");
    ChildProcess collector = start_client(std::move(arguments), errors_.path());
    address_ = await_address();
    return collector;
  }

  ChildProcess work(const std::string& name) const {
    return start_client({"worker", "--collector", address_, "--name", name});
  }

  nlohmann::json result() const { return nlohmann::json::parse(json_.text()); }

  GatedBackend backend_;
  TemporaryFile errors_{".err"};
  TemporaryFile json_{".json"};

 private:
  /// What the collector says first.
  std::string await_address() const {
    const std::string before = "collector listening on ";
    for (const auto deadline = std::chrono::steady_clock::now() + patience;
         std::chrono::steady_clock::now() < deadline;) {
      const std::string text = errors_.text();
      if (text.starts_with(before) && text.find('\n') != std::string::npos)
        return text.substr(before.size(), text.find('\n') - before.size());
      std::this_thread::yield();
    }
    throw std::runtime_error("the collector does not listen");
  }

  std::string address_;
};

TEST_F(FleetCommandTest, MakesOneResultOfTwoWorkers) {
  backend_.open();
  ChildProcess collector = collect("2", {"-c", "2", "-n", "20"});
  ChildProcess first = work("w1");
  ChildProcess second = work("w2");
  const Outcome outcome = finish(collector);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output << errors_.text();
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("Requests    20 sent = 20 completed"), HasSubstr("Workers     2 of 2")));
  EXPECT_EQ(first.wait(patience), 0);
  EXPECT_EQ(second.wait(patience), 0);
  EXPECT_EQ(result()["workers"].size(), 2u);
}

TEST_F(FleetCommandTest, IsInvalidAndNamesTheWorkerThatWasKilled) {
  ChildProcess collector = collect("2", {"-c", "2", "-n", "20"});
  ChildProcess first = work("w1");
  ChildProcess second = work("w2");
  backend_.wait_for_arrivals(2);
  first.signal(SIGKILL);
  const Outcome outcome = finish(collector);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.output, HasSubstr("worker w1 was lost: it closed the connection"));
  EXPECT_EQ(second.wait(patience), 3);
  EXPECT_FALSE(result()["valid"].get<bool>());
}

TEST_F(FleetCommandTest, LeavesNoWorkerBehindWhenTheCollectorIsKilled) {
  ChildProcess collector = collect("2", {"-c", "2", "-n", "20"});
  ChildProcess first = work("w1");
  ChildProcess second = work("w2");
  backend_.wait_for_arrivals(2);
  collector.signal(SIGKILL);
  EXPECT_EQ(first.wait(patience), 1);
  EXPECT_EQ(second.wait(patience), 1);
}

TEST_F(FleetCommandTest, KeepsWhatThereIsWhenASignalEndsIt) {
  ChildProcess collector = collect("2", {"-c", "2", "-n", "20"});
  ChildProcess first = work("w1");
  ChildProcess second = work("w2");
  backend_.wait_for_arrivals(2);
  collector.signal(SIGTERM);
  EXPECT_EQ(finish(collector).exit_code, 3);
  EXPECT_TRUE(result()["interrupted"].get<bool>());
  EXPECT_EQ(result()["requests"]["unfinished"], 2);
  EXPECT_EQ(first.wait(patience), 3);
  EXPECT_EQ(second.wait(patience), 3);
}

struct WrongUsage {
  std::vector<std::string> arguments;
  int exit_code;
  std::string says;
};

class FleetUsageTest : public testing::TestWithParam<WrongUsage> {};

TEST_P(FleetUsageTest, IsToldInOneLine) {
  const Outcome outcome = run_client(GetParam().arguments);
  EXPECT_EQ(outcome.exit_code, GetParam().exit_code);
  EXPECT_THAT(outcome.errors, HasSubstr(GetParam().says));
  EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1);
}

const std::string url = "http://127.0.0.1:1/";

INSTANTIATE_TEST_SUITE_P(
    Wrong, FleetUsageTest,
    testing::Values(
        WrongUsage{{"collector", "--workers", "0", url}, 2, "--workers: give at least 1"},
        WrongUsage{{"collector", url}, 2, "--workers is required"},
        WrongUsage{{"collector", "--workers", "3", "--rate", "2", url}, 2, "a rate of 2/s is too little for 3 workers"},
        WrongUsage{{"collector", "--workers", "3", "-n", "2", url}, 2, "2 requests is too little for 3 workers"},
        WrongUsage{{"collector", "--workers", "3", "-c", "2", url}, 2, "cannot share 2 connections"},
        WrongUsage{{"collector", "--workers", "1", "--listen", "0.0.0.0:0", url}, 2, "--token-file or WAITLAB_TOKEN"},
        WrongUsage{{"collector", "--workers", "1", "--listen", "here", url}, 2, "is not HOST:PORT"},
        WrongUsage{{"collector", "--workers", "1", "--token-file", "/nowhere", url}, 2, "'/nowhere' cannot be read"},
        WrongUsage{{"worker", "--collector", "here"}, 2, "is not HOST:PORT"},
        WrongUsage{{"worker", "--collector", "127.0.0.1:1", "--wait", "1ms"}, 1, "no collector was reached"}));

}  // namespace
}  // namespace waitlab
