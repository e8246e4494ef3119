#include "client/experiment/sampler.hpp"

#include "tests/support/one_answer.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/unit/client/experiment/status_answer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

namespace waitlab::client {
namespace {

ScriptedAnswer answer_with(const RequestsInside& requests) {
  return {status_answer(requests), ScriptedAnswer::Then::close};
}

/// This process, as if it were a server of ours that tells of itself there.
Watched watched_at(const ScriptedServer& server) {
  return {.processes = [] { return std::vector<pid_t>{::getpid()}; },
          .admin_address = fmt::format("127.0.0.1:{}", server.port())};
}

/// A server of ours that tells what the test wants it to.
class ToldServer {
 public:
  explicit ToldServer(const RequestsInside& requests) : requests_(requests) {}

  Watched watched() const { return watched_at(server_); }

  void tell(const RequestsInside& requests) {
    const std::scoped_lock lock(mutex_);
    requests_ = requests;
  }

  /// Returns once it has answered somebody who asked after this call: whoever asks next but one does so after that.
  void await_another() const {
    for (const std::size_t before = server_.requests().size(); server_.requests().size() < before + 2;)
      std::this_thread::yield();
  }

 private:
  std::mutex mutex_;
  RequestsInside requests_;
  ScriptedServer server_{[this](const SeenRequest&) {
    const std::scoped_lock lock(mutex_);
    return answer_with(requests_);
  }};
};

TEST(Sampler, SeesTheProcessEvenIfItsCountersCannotBeRead) {
  Sampler sampler({.processes = [] { return std::vector<pid_t>{::getpid()}; }, .admin_address = "127.0.0.1:1"});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_FALSE(seen.samples.empty());
  EXPECT_GE(seen.peak_threads, 2U);
  EXPECT_GT(seen.peak_rss_bytes, 0U);
  EXPECT_FALSE(seen.usage);
}

TEST(Sampler, AsksTheKernelOfAServerThatCannotBeAsked) {
  Sampler sampler({.processes = [] { return std::vector<pid_t>{::getpid()}; }, .admin_address = {}});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  ASSERT_TRUE(seen.usage);
  EXPECT_FALSE(seen.usage->rejected);
  EXPECT_FALSE(seen.peak_in_flight);
  EXPECT_GT(seen.peak_rss_bytes, 0U);
}

TEST(Sampler, NotesTheRequestsInAServerOfOurs) {
  ToldServer server({.in_flight = 3, .queued = 2, .in_flight_peak = 9, .queued_peak = 9});
  Sampler sampler(server.watched());
  const ServerObservation seen = sampler.finish();
  EXPECT_EQ(seen.peak_in_flight, 3U);
  EXPECT_EQ(seen.peak_queued, 2U);
}

TEST(Sampler, TakesAPeakOfTheServersLifeForThisRunsIfItRose) {
  ToldServer server({.in_flight = 3, .queued = 2, .in_flight_peak = 9, .queued_peak = 9});
  Sampler sampler(server.watched());
  server.tell({.in_flight = 3, .queued = 2, .in_flight_peak = 12, .queued_peak = 9});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_EQ(seen.peak_in_flight, 12U);
  EXPECT_EQ(seen.peak_queued, 2U);
}

TEST(Sampler, TakesTheUsageFromTheBeginOfTheWindowToItsEnd) {
  ToldServer server({.completed = 10});
  Sampler sampler(server.watched());
  server.tell({.completed = 100});
  sampler.begin_window();
  server.await_another();
  server.tell({.completed = 250});
  const ServerObservation seen = sampler.finish();
  ASSERT_TRUE(seen.usage);
  EXPECT_EQ(seen.usage->completed, 150U);
}

TEST(Sampler, TakesTheUsageSinceTheLastLookIfTheWindowWasOverBeforeTheNext) {
  std::latch asked_by_watcher(1);
  std::latch window_is_over(1);
  ScriptedServer server([&](const SeenRequest& request) {
    if (request.number == 1) {  // the first is asked before there is a watcher
      asked_by_watcher.count_down();
      window_is_over.wait();
    }
    return answer_with({.completed = request.number < 2 ? 10U : 250U});
  });
  Sampler sampler(watched_at(server));
  asked_by_watcher.wait();
  sampler.begin_window();
  sampler.end_window();
  window_is_over.count_down();
  const ServerObservation seen = sampler.finish();
  ASSERT_TRUE(seen.usage);
  EXPECT_EQ(seen.usage->completed, 240U);
}

TEST(Sampler, IsDoneWithProcessesThatAreGone) {
  Sampler sampler({.processes = [] { return std::vector<pid_t>(); }, .admin_address = "127.0.0.1:1"});
  EXPECT_TRUE(sampler.finish().samples.empty());
}

TEST(Sampler, SeesNothingOfProcessesThatAreNotKnown) {
  Sampler sampler({});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_TRUE(seen.samples.empty());
  EXPECT_FALSE(seen.usage);
  EXPECT_FALSE(resident_bytes({}));
}

constexpr const char* trace = R"({"traceEvents": [{"ph": "X", "ts": 1}], "otherData": {}})";
constexpr const char* events = R"([{"ph":"X","ts":1}])";

std::string answer(const std::string& status, const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

std::string picture_of(const std::string& admin_address) {
  LanePicture picture(admin_address);
  picture.take();
  return picture.finish();
}

TEST(LanePicture, IsWhatTheServerTellsOfItself) {
  const OneAnswer server(answer("200 OK", trace));
  EXPECT_EQ(picture_of(server.address()), events);
}

TEST(LanePicture, IsTakenOnce) {
  const OneAnswer server(answer("200 OK", trace));  // which answers one request
  LanePicture picture(server.address());
  picture.take();
  picture.take();
  EXPECT_EQ(picture.finish(), events);
}

TEST(LanePicture, IsMissingWhereNobodyCanBeAsked) {
  EXPECT_EQ(LanePicture("127.0.0.1:1").finish(), "") << "it was not taken";
  EXPECT_EQ(picture_of(""), "");
  EXPECT_EQ(picture_of("127.0.0.1:1"), "");
  const OneAnswer older(answer("404 Not Found", trace));
  EXPECT_EQ(picture_of(older.address()), "");
}

TEST(LanePicture, IsMissingWhereWhatComesIsNoTrace) {
  for (const char* text : {"", "no JSON", "[]", "{}", R"({"traceEvents": 1})"})
    EXPECT_EQ(lanes_in(text), "") << text;
}

TEST(LanePicture, IsMissingIfItIsTooLargeForAReport) {
  const auto of = [](std::size_t bytes) {
    return lanes_in(R"({"traceEvents": [")" + std::string(bytes - 4, 'x') + R"("]})");
  };
  EXPECT_EQ(of(300'000).size(), 300'000u);
  EXPECT_EQ(of(300'001), "");
}

}  // namespace
}  // namespace waitlab::client
