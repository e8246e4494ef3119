#include "common/process/process_tree.hpp"
#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ProcessPerRequestTest : public testing::Test {
 protected:
  /// What forks, and behind it what it has forked, the oldest first.
  static std::vector<pid_t> processes() {
    std::vector<pid_t> tree = process_tree(::getpid());
    std::erase(tree, ::getpid());
    std::ranges::sort(tree);
    return tree;
  }

  static void await_processes(std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (processes().size() != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << processes().size() << " processes, not " << count;
      std::this_thread::yield();
    }
  }

  void housekeep_until_readyz(unsigned status) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (under_test.connect_to_admin().get("/readyz").status != status) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      under_test.server().housekeep();
    }
  }

  HttpAnswer ask_for(const std::string& request_text) const {
    HttpConnection connection = under_test.connect();
    connection.send(request_text);
    return connection.receive();
  }

  ServerUnderTest under_test{"process-per-request"};
};

TEST_F(ProcessPerRequestTest, HasAProcessForEachRequestAndNoneForAnIdleConnection) {
  under_test.start();
  EXPECT_THAT(processes(), SizeIs(1));
  std::vector<HttpConnection> waiting;
  for (int request = 0; request < 3; ++request)
    waiting.push_back(under_test.connect_and_wait());
  EXPECT_THAT(processes(), SizeIs(4));
  under_test.backend.open();
  for (HttpConnection& connection : waiting)
    EXPECT_EQ(connection.receive().status, 200U);
  await_processes(1);
}

TEST_F(ProcessPerRequestTest, LeavesNoProcessBehind) {
  under_test.start();
  under_test.connect().get("/plain");
  under_test.stop();
  EXPECT_THAT(processes(), IsEmpty());
}

TEST_F(ProcessPerRequestTest, AnswersRetryAfterBeyondItsProcesses) {
  under_test.config.strategies.process_per_request.max_processes = 1;
  under_test.start();
  HttpConnection served = under_test.connect_and_wait();
  const HttpAnswer answer = under_test.connect().get("/plain");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nRetry-After: "));
  EXPECT_THAT(under_test.status(), HasSubstr("\"max_processes\": 1"));
  under_test.backend.open();
  EXPECT_EQ(served.receive().status, 200U);
}

TEST_F(ProcessPerRequestTest, CountsTheProcessesOfTheOnesItReplacedTowardsItsLimit) {
  under_test.config.strategies.process_per_request.max_processes = 1;
  under_test.start();
  HttpConnection served = under_test.connect_and_wait();
  under_test.switch_to("process-per-request");
  EXPECT_EQ(under_test.connect().get("/plain").status, 503U) << "it still waits";
  under_test.backend.open();
  EXPECT_EQ(served.receive().status, 200U);
}

TEST_F(ProcessPerRequestTest, ServesPipelinedRequestsOneAfterTheOtherWithOneProcessAllowed) {
  under_test.config.strategies.process_per_request.max_processes = 1;
  under_test.start();
  under_test.expect_pipelined_in_turn();
}

TEST_F(ProcessPerRequestTest, ServesARequestTooLongForOneMessage) {
  under_test.config.limits.header_bytes = 512 * 1024;
  under_test.start();
  const std::string field(300'000, 'x');
  EXPECT_EQ(ask_for("GET /plain HTTP/1.1\r\nHost: a\r\nX-Long: " + field + "\r\n\r\n").status, 200U);
}

TEST_F(ProcessPerRequestTest, LosesOneRequestWithAProcessThatIsKilledAndNothingElse) {
  under_test.start();
  HttpConnection lost = under_test.connect_and_wait();
  const pid_t killed = processes().back();
  HttpConnection kept = under_test.connect_and_wait();
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  EXPECT_TRUE(lost.closed_by_server());
  under_test.backend.open();
  EXPECT_EQ(kept.receive().status, 200U);
  under_test.await_status("\"in_flight\": 0");
  const std::string status = under_test.status();
  EXPECT_THAT(status, HasSubstr("\"worker_lost\": 1"));
  EXPECT_THAT(status, HasSubstr("\"waiting\": 0"));
}

TEST_F(ProcessPerRequestTest, GivesBackTheLocksOfAProcessThatIsKilled) {
  under_test.start();
  const std::string transfer = "POST /transfer?from=a&to=b&locking=ordered";
  const std::string rest = " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  HttpConnection lost = under_test.connect();
  lost.send(transfer + "&delay=1s" + rest);
  under_test.backend.wait_for_arrivals(1);
  ASSERT_EQ(::kill(processes().back(), SIGKILL), 0);
  EXPECT_TRUE(lost.closed_by_server());
  under_test.await_status("\"worker_lost\": 1");
  EXPECT_EQ(ask_for(transfer + rest).status, 200U);
  EXPECT_THAT(under_test.connect().get("/accounts").body, HasSubstr("\"total\":10000"));
}

TEST_F(ProcessPerRequestTest, ForksAgainAfterWhatForksHasBeenKilled) {
  under_test.start();
  HttpConnection lost = under_test.connect_and_wait();
  ASSERT_EQ(::kill(processes().front(), SIGKILL), 0);
  EXPECT_TRUE(lost.closed_by_server());
  under_test.await_status("\"worker_lost\": 1");
  EXPECT_EQ(under_test.connect().get("/plain").status, 503U);
  housekeep_until_readyz(503);
  housekeep_until_readyz(200);
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
}

TEST_F(ProcessPerRequestTest, LeavesNoZombieWhereOrphansAreItsOwn) {
  // As the first process of a container, which need not have been made to wait for any.
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  under_test.start();
  std::vector<HttpConnection> lost;
  for (int request = 0; request < 3; ++request)
    lost.push_back(under_test.connect_and_wait());
  ASSERT_EQ(::kill(processes().front(), SIGKILL), 0);
  under_test.await_status("\"worker_lost\": 3");
  housekeep_until_readyz(503);
  siginfo_t ended{};
  EXPECT_EQ(::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT), -1) << ended.si_pid << " is one";
  EXPECT_EQ(errno, ECHILD);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(ProcessPerRequestTest, CountsInMemoryThatIsSharedAndLosesWhatIsCountedInAProcessesOwn) {
  under_test.start();
  for (int request = 0; request < 3; ++request)
    EXPECT_EQ(ask_for("POST /counter?sync=atomic HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 200U);
  const std::string counts = under_test.connect().get("/counter").body;
  EXPECT_THAT(counts, HasSubstr(R"("atomic":{"asked":3,"counted":3,"lost":0})"));
  EXPECT_THAT(counts, HasSubstr(R"("unshared":{"asked":3,"counted":0,"lost":3})"));
}

TEST_F(ProcessPerRequestTest, TellsWhatItsProcessesHaveUsed) {
  under_test.start();
  EXPECT_EQ(under_test.connect().get("/cpu?work=5ms").status, 200U);
  await_processes(1);
  EXPECT_THAT(under_test.connect_to_admin().get("/metrics").body,
              HasSubstr("waitlab_processes_cpu_seconds_total{strategy=\"process-per-request\"} "));
}

TEST_F(ProcessPerRequestTest, NamesItsProcesses) {
  under_test.start();
  const HttpConnection waiting = under_test.connect_and_wait();
  HttpConnection looking = under_test.connect_to_admin();
  looking.send(get_request("/events"));
  EXPECT_NE(looking.read_until("\"processes\":[" + std::to_string(processes().back()) + "]"), "");
}

}  // namespace
}  // namespace waitlab::server
