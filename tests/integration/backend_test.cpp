#include "common/process/resource_limits.hpp"
#include "tests/integration/running_backend.hpp"
#include "tests/support/http_connection.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

TEST_F(BackendTest, SaysWhereItListens) {
  start();
  EXPECT_THAT(ready_line_, MatchesRegex("listening on 127\\.0\\.0\\.1:[0-9]+ \\(backend\\)"));
  EXPECT_EQ(connect().get("/healthz").status, 200u);
}

TEST_F(BackendTest, HoldsTheSameRequestEquallyLongInAnyOrder) {
  start({"profile.delay.mean=1ms", "profile.seed=7", log_setting_});
  for (const char* id : {"a", "b", "b", "a"})
    EXPECT_EQ(connect().get("/hold?route=/wait", std::string("X-Request-Id: ") + id + "\r\n").status, 200u);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 4u);
  EXPECT_EQ(holds[0].drawn_ns, holds[3].drawn_ns);
  EXPECT_EQ(holds[1].drawn_ns, holds[2].drawn_ns);
  EXPECT_NE(holds[0].drawn_ns, holds[1].drawn_ns);
  for (const LoggedHold& hold : holds)
    EXPECT_GE(hold.held_ns, hold.drawn_ns) << hold.request_id;
}

TEST_F(BackendTest, AnswersWithTheHoldItMeasured) {
  start();
  const HttpAnswer answer = connect().get("/hold?delay=2ms", "X-Request-Id: r-1\r\n");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_THAT(answer.body, MatchesRegex("\\{\"held_ms\":[0-9]+\\.[0-9][0-9][0-9]\\}"));
  EXPECT_GE(std::stod(answer.body.substr(answer.body.find(':') + 1)), 2.0);
  EXPECT_THAT(answer.text, HasSubstr("Server-Timing: hold;dur="));
}

TEST_F(BackendTest, NeverHoldsMoreAtOnceThanTheCap) {
  start({"profile.concurrency=2", log_setting_});
  std::vector<HttpConnection> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(connect());
    clients.back().send(get_request("/hold?delay=5ms"));
  }
  for (HttpConnection& client : clients)
    EXPECT_EQ(client.receive().status, 200u);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 8u);
  for (const LoggedHold& hold : holds) {
    const auto at_its_start = std::ranges::count_if(holds, [&](const LoggedHold& other) {
      return other.start_ns() <= hold.start_ns() && hold.start_ns() < other.end_ns();
    });
    EXPECT_LE(at_its_start, 2);
  }
}

TEST_F(BackendTest, RejectsBeyondTheCapWhenToldTo) {
  start({"profile.concurrency=1", "profile.on_full=reject", log_setting_});
  HttpConnection first = connect();
  first.send(get_request("/hold?delay=1h"));
  await_status("holding", 1);
  const HttpAnswer answer = connect().get("/hold?delay=1ms");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_THAT(answer.text, HasSubstr("Retry-After: "));
  EXPECT_EQ(status("rejected"), 1u);
}

TEST_F(BackendTest, ExpiresAQueuedHoldAtItsCallersDeadline) {
  start({"profile.concurrency=1", log_setting_});
  HttpConnection first = connect();
  first.send(get_request("/hold?delay=1h"));
  await_status("holding", 1);
  EXPECT_EQ(connect().get("/hold?delay=1ms", "X-Request-Timeout-Ms: 5\r\nX-Request-Id: late\r\n").status, 504u);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 2u);
  EXPECT_EQ(holds[0].request_id, "late");
  EXPECT_EQ(holds[0].outcome, "expired");
  EXPECT_GE(holds[0].queued_ns, 5'000'000);
  EXPECT_EQ(holds[0].held_ns, 0);
}

TEST_F(BackendTest, GivesUpTheHoldOfAClientThatLeaves) {
  start({"profile.concurrency=1", log_setting_});
  {
    HttpConnection client = connect();
    client.send(get_request("/hold?delay=1h", "X-Request-Id: gone\r\n"));
    await_status("holding", 1);
  }
  EXPECT_EQ(connect().get("/hold?delay=1ms").status, 200u);
  EXPECT_EQ(status("aborted"), 1u);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 2u);
  EXPECT_EQ(holds[0].request_id, "gone");
  EXPECT_EQ(holds[0].outcome, "aborted");
}

TEST_F(BackendTest, AnswersPipelinedRequestsInOrder) {
  start({log_setting_});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=20ms&route=/slow") + get_request("/hold?delay=0ms&route=/fast") +
              get_request("/healthz"));
  EXPECT_THAT(client.receive().text, HasSubstr("held_ms"));
  EXPECT_THAT(client.receive().text, HasSubstr("held_ms"));
  EXPECT_EQ(client.receive().body, "ok\n");
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 2u);
  EXPECT_EQ(holds[0].route, "/slow");
  EXPECT_LE(holds[0].end_ns(), holds[1].start_ns());
}

TEST_F(BackendTest, ClosesWhenTheClientAsksForIt) {
  start();
  HttpConnection asking = connect();
  EXPECT_THAT(asking.get("/healthz", "Connection: close\r\n").text, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(asking.closed_by_server());
  HttpConnection old = connect();
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receive().status, 200u);
  EXPECT_TRUE(old.closed_by_server());
  HttpConnection old_but_lasting = connect();
  old_but_lasting.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(old_but_lasting.receive().status, 200u);
  EXPECT_EQ(old_but_lasting.get("/healthz").status, 200u);
}

TEST_F(BackendTest, AnswersBadRequestsWithAProblem) {
  start();
  HttpConnection client = connect();
  const HttpAnswer bad_delay = client.get("/hold?delay=50");
  EXPECT_EQ(bad_delay.status, 400u);
  EXPECT_THAT(bad_delay.text, HasSubstr("application/problem+json"));
  EXPECT_THAT(bad_delay.body, HasSubstr("delay"));
  EXPECT_EQ(client.get("/nothing").status, 404u);
  client.send("DELETE /hold HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.receive().status, 405u);
  client.send("HEAD /hold?delay=0ms HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 200u);
  client.send("nonsense\r\n\r\n");
  EXPECT_EQ(client.receive().status, 400u);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(BackendTest, CompletesAThousandConcurrentHolds) {
  raise_descriptor_limit();
  start({log_setting_});
  std::vector<HttpConnection> clients;
  for (int i = 0; i < 1000; ++i)
    clients.push_back(connect());
  for (HttpConnection& client : clients)
    client.send(get_request("/hold?delay=50ms"));
  for (HttpConnection& client : clients)
    EXPECT_EQ(client.receive().status, 200u);
  EXPECT_EQ(stop_and_read_log().size(), 1000u);
}

TEST_F(BackendTest, HoldsAThousandAtOnce) {
  raise_descriptor_limit();
  start();
  {
    std::vector<HttpConnection> clients;
    for (int i = 0; i < 1000; ++i) {
      clients.push_back(connect());
      clients.back().send(get_request("/hold?delay=1h"));
    }
    await_status("holding", 1000);
  }
  await_status("aborted", 1000);
  EXPECT_EQ(status("holding"), 0u);
}

TEST_F(BackendTest, GoesOnAfterRunningOutOfDescriptors) {
#ifdef __has_feature
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "UBSan's vptr check needs descriptors itself, and takes every object for a wrong one without them";
#endif
#endif
  start({}, {"/bin/sh", "-c", "ulimit -n 20; exec \"$@\"", "sh", backend_program});
  HttpConnection first = connect();
  ASSERT_EQ(first.get("/healthz").status, 200u);
  {
    std::vector<HttpConnection> crowd;
    for (int i = 0; i < 20; ++i)
      crowd.push_back(connect());
    EXPECT_TRUE(
        comes_true([&] { return first.get("/status").body.find("\"accept_failures\":0") == std::string::npos; }));
  }
  EXPECT_EQ(connect().get("/healthz").status, 200u);
}

TEST_F(BackendTest, ABusyPortIsAOneLineErrorThatLeavesTheOthersLogAlone) {
  start({log_setting_});
  const auto [exit_code, error] = failed_start({"listen.port=" + std::to_string(port_), log_setting_});
  EXPECT_EQ(exit_code, 1);
  EXPECT_THAT(error, StartsWith("waitlab-backend: cannot listen on 127.0.0.1:" + std::to_string(port_)));
  EXPECT_EQ(std::ranges::count(error, '\n'), 1);
  EXPECT_EQ(connect().get("/hold?delay=0ms").status, 200u);
  EXPECT_EQ(stop_and_read_log().size(), 1u);
}

TEST_F(BackendTest, AConfigErrorIsOneLineAndExitCode2) {
  const auto [exit_code, error] = failed_start({"profile.delay.distribution=uniform", "profile.delay.min=200ms"});
  EXPECT_EQ(exit_code, 2);
  EXPECT_THAT(error, HasSubstr("profile.delay.min"));
  EXPECT_EQ(std::ranges::count(error, '\n'), 1);
}

TEST_F(BackendTest, AHoldLogThatCannotBeWrittenIsAnErrorAtTheStart) {
  const auto [exit_code, error] = failed_start({"listen.port=0", "profile.hold_log=/nowhere/holds.csv"});
  EXPECT_EQ(exit_code, 1);
  EXPECT_THAT(error, HasSubstr("/nowhere/holds.csv"));
  EXPECT_EQ(std::ranges::count(error, '\n'), 1);
}

TEST_F(BackendTest, FinishesHoldsInProgressWhenItIsStopped) {
  start({log_setting_});
  HttpConnection idle = connect();
  EXPECT_EQ(idle.get("/healthz").status, 200u);
  HttpConnection busy = connect();
  busy.send(get_request("/hold?delay=800ms"));
  await_status("holding", 1);
  backend_->signal(SIGTERM);
  const HttpAnswer answer = busy.receive();
  EXPECT_EQ(answer.status, 200u);
  EXPECT_THAT(answer.text, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_EQ(backend_->wait(patience), 0);
  const auto holds = read_log(log_.path());
  ASSERT_EQ(holds.size(), 1u);
  EXPECT_EQ(holds[0].outcome, "served");
}

TEST_F(BackendTest, GivesUpHoldsThatOutlastTheGraceOfAStop) {
  start({log_setting_});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=1h"));
  await_status("holding", 1);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 1u);
  EXPECT_EQ(holds[0].outcome, "aborted");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(BackendTest, EndsAtOnceAtASecondSignalToStop) {
  const TemporaryFile errors(".txt");
  start({log_setting_}, {"/bin/sh", "-c", "exec \"$@\" 2>" + errors.path(), "sh", backend_program});
  HttpConnection first = connect();
  first.send(get_request("/hold?delay=1h"));
  await_status("holding", 1);
  // Both are there when it goes on: it has no time to stop by itself between them.
  for (const int signal : {SIGSTOP, SIGTERM, SIGINT, SIGCONT})
    backend_->signal(signal);
  EXPECT_EQ(backend_->wait(patience), 1);
  EXPECT_THAT(errors.text(), HasSubstr("a second signal: 1 holds in progress are cut"));
  ASSERT_EQ(read_log(log_.path()).size(), 1u);
}

TEST_F(BackendTest, GoesOnInANewHoldLogOnceThisOneWasMovedAwayAndSighupComes) {
  const TemporaryFile moved(".csv.1");
  start({log_setting_});
  EXPECT_EQ(connect().get("/hold?delay=0ms", "X-Request-Id: before\r\n").status, 200u);
  std::filesystem::rename(log_.path(), moved.path());
  backend_->signal(SIGHUP);
  EXPECT_TRUE(comes_true([&] { return std::filesystem::exists(log_.path()); }));
  EXPECT_EQ(connect().get("/hold?delay=0ms", "X-Request-Id: after\r\n").status, 200u);
  const auto later = stop_and_read_log();
  const auto earlier = read_log(moved.path());
  ASSERT_EQ(earlier.size(), 1u);
  EXPECT_EQ(earlier.front().request_id, "before");
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later.front().request_id, "after");
}

TEST_F(BackendTest, PassesOverWhatKubernetesSetsForAServiceOfItsName) {
  start({}, {"/usr/bin/env", "WAITLAB_PORT=tcp://10.3.104.46:8080", "WAITLAB_BACKEND_SERVICE_HOST=10.3.104.46",
             backend_program});
  EXPECT_EQ(connect().get("/healthz").status, 200u);
}

}  // namespace
}  // namespace waitlab
