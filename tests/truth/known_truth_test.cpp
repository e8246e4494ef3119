#include "client/engine/load_run.hpp"
#include "client/logs/request_logs.hpp"
#include "client/stats/time_summary.hpp"
#include "common/process/child_process.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

// These tests measure time, so they run only when asked for (label `truth`), one at a time, and want a quiet machine. A
// tolerance is the promise, 1 ms, plus what the histogram rounds.
namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds promise = 1ms;

/// The real backend with a hold log of its own.
class LoggingBackend {
 public:
  explicit LoggingBackend(std::vector<std::string> settings) {
    settings.insert(settings.end(), {"listen.port=0", "profile.hold_log=" + log_.path()});
    std::vector<std::string> command = {WAITLAB_BIN_DIR "/waitlab-backend"};
    for (const std::string& setting : settings)
      command.insert(command.end(), {"--set", setting});
    process_.emplace(ChildProcess::start({.command = command}).value());
    const std::string line = process_->read_line(30s).value();
    const std::size_t begin = line.find("127.0.0.1");  // "listening on 127.0.0.1:8081 (backend)"
    address_ = line.substr(begin, line.find(' ', begin) - begin);
  }

  std::string url() const { return "http://" + address_ + "/hold?route=/truth"; }

  /// How long each request that was served was held, ascending. Ends the backend.
  std::vector<nanoseconds> end_and_read_holds() {
    process_->stop(10s);
    std::ifstream log(log_.path());
    std::vector<nanoseconds> held;
    for (const Hold& hold : read_holds(log))
      held.push_back(hold.held);
    std::sort(held.begin(), held.end());
    return held;
  }

 private:
  TemporaryFile log_{".csv"};
  std::optional<ChildProcess> process_;
  std::string address_;
};

/// What a quantile of the hold log may be. The requests are the very ones that were measured, so chance has no part in
/// it: only which of two neighbours a quantile is called, and two that swap their ranks on the way.
struct TruthRange {
  nanoseconds least;
  nanoseconds most;
};

TruthRange truth_at(const std::vector<nanoseconds>& ascending, double quantile) {
  constexpr std::size_t ranks_off = 2;
  const auto rank = static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(ascending.size())));
  return {ascending.at(rank - 1 - ranks_off), ascending.at(rank - 1 + ranks_off)};
}

/// A figure is the highest value of its bucket, which is 0.1 % wide.
nanoseconds rounding(nanoseconds figure) {
  return figure / 1000;
}

void expect_agreement(const CensoredHistogram& measured, const std::vector<nanoseconds>& held, const char* what) {
  for (const double quantile : {0.5, 0.9, 0.99}) {
    const TruthRange truth = truth_at(held, quantile);
    const TimeFigure figure = percentile(measured, quantile);
    ASSERT_TRUE(figure.value);
    EXPECT_GE(*figure.value, truth.least - promise) << what << " at " << quantile;
    EXPECT_LE(*figure.value, truth.most + promise + rounding(*figure.value)) << what << " at " << quantile;
  }
}

/// Distribution, arrivals, load threads.
using Situation = std::tuple<std::string, ArrivalKind, unsigned>;

class HeldRequests : public testing::TestWithParam<Situation> {};

// Open loop over as many connections as it takes: nothing but the backend makes a request wait, so the response time is
// the hold and a little for the way there and back.
TEST_P(HeldRequests, TakeAsLongAsTheBackendSaysItHeldThem) {
  const auto& [distribution, arrivals, threads] = GetParam();
  LoggingBackend backend(
      {"profile.delay.distribution=" + distribution, "profile.delay.value=100ms", "profile.delay.mean=100ms"});
  LoadOptions options;
  options.url = backend.url();
  options.rate = 300;
  options.requests = 1500;
  options.arrivals = arrivals;
  options.threads = threads;
  options.timeout = 30s;
  const LoadResult result = run_load(options).value();
  const auto held = backend.end_and_read_holds();
  EXPECT_TRUE(result.valid()) << testing::PrintToString(result.invalid_because);
  ASSERT_EQ(result.record.requests.completed, 1500u);
  ASSERT_EQ(held.size(), 1500u) << "the log must be of the same requests";
  expect_agreement(result.record.response_time, held, "response time");
  expect_agreement(result.record.service_time, held, "service time");
}

std::string name_of(const testing::TestParamInfo<Situation>& situation) {
  const auto& [distribution, arrivals, threads] = situation.param;
  return distribution + (arrivals == ArrivalKind::poisson ? "_poisson_" : "_constant_") + std::to_string(threads);
}

INSTANTIATE_TEST_SUITE_P(All, HeldRequests,
                         testing::Combine(testing::Values("fixed", "exponential"),
                                          testing::Values(ArrivalKind::constant, ArrivalKind::poisson),
                                          testing::Values(1u, 2u)),
                         name_of);

// Of a 3 s wait and a 2 s time-out nothing can be known but "at least 2 s", and that of every request.
TEST(TimedOutRequests, AreLowerBoundsOfEveryPercentile) {
  LoggingBackend backend({"profile.delay.distribution=fixed", "profile.delay.value=3s"});
  LoadOptions options;
  options.url = backend.url();
  options.rate = 100;
  options.requests = 300;
  options.timeout = 2s;
  const LoadRecord record = run_load(options).value().record;
  EXPECT_TRUE(backend.end_and_read_holds().empty()) << "none was served";
  EXPECT_EQ(record.requests.sent, 300u);
  EXPECT_EQ(record.requests.timed_out, 300u);
  EXPECT_EQ(record.requests.ended(), 300u);
  EXPECT_EQ(record.error(ErrorKind::timeout).count, 300u);
  for (const double quantile : {0.5, 0.9, 0.99}) {
    const TimeFigure figure = percentile(record.response_time, quantile);
    ASSERT_TRUE(figure.value);
    EXPECT_TRUE(figure.at_least);
    EXPECT_NEAR(std::chrono::duration<double>(*figure.value).count(), 2.0, 0.002) << "a bucket is 0.1 % wide";
  }
}

// A server that stands still for 2 s, from 4.005 s after its first request on. It answers one request at a time, so
// that while one of them waits, all wait. The odd 5 ms keep arrivals, every 10 ms, off the edges.
constexpr nanoseconds freeze_begin = 4005ms;
constexpr nanoseconds freeze_end = freeze_begin + 2s;

ScriptedServer::Script frozen_for_a_while() {
  return [first = std::optional<std::chrono::steady_clock::time_point>()](const SeenRequest&) mutable {
    const auto now = std::chrono::steady_clock::now();
    if (!first) first = now;
    if (now >= *first + freeze_begin && now < *first + freeze_end) std::this_thread::sleep_until(*first + freeze_end);
    return ok_answer();
  };
}

LoadResult load_frozen_server(unsigned max_connections) {
  const ScriptedServer server(frozen_for_a_while());
  LoadOptions options;
  options.url = server.url();
  options.rate = 100;
  options.duration = 10s;
  options.max_connections = max_connections;
  options.timeout = 30s;
  return run_load(options).value();
}

// 1,000 requests, one every 10 ms. The 200 that are due in the freeze, at 4.01, 4.02 … 6.00 s, are answered when it
// ends, at 6.005 s: they take 1.995, 1.985 … 0.005 s. So the share that takes longer than x is 0.2 (1 - x / 2 s), and
//   p90: 0.10 = 0.2 (1 - x / 2 s), x = 1.0 s
//   p95: 0.05 = 0.2 (1 - x / 2 s), x = 1.5 s
//   p99: 0.01 = 0.2 (1 - x / 2 s), x = 1.9 s
// Tolerance: the promise; neighbours in that series are 10 ms apart, and a quantile is one of them; and the 200 are
// served one after the other when the freeze ends, so the last of them waits for 200 services more.
void expect_freeze_shows(const LoadRecord& record, const CensoredHistogram& times) {
  const nanoseconds service = percentile(record.service_time, 0.5).value.value();
  const nanoseconds tolerance = promise + 10ms + 200 * service;
  ASSERT_LT(tolerance, 100ms) << "this machine is too slow to tell the percentiles apart";
  for (const auto& [quantile, truth] : {std::pair(0.9, 1000ms), std::pair(0.95, 1500ms), std::pair(0.99, 1900ms)}) {
    const nanoseconds found = percentile(times, quantile).value.value();
    EXPECT_LE(std::chrono::abs(found - truth), tolerance)
        << quantile << ": " << found.count() / 1000 << " us, not " << truth.count() << " ms";
  }
}

std::uint64_t count_from(const HdrHistogram& histogram, nanoseconds least) {
  std::uint64_t count = 0;
  histogram.for_each_bucket([&](const HdrHistogram::Bucket& bucket) {
    if (bucket.lowest >= least) count += bucket.count;
  });
  return count;
}

TEST(FrozenServer, ShowsInBothTimesWithConnectionsToSpare) {
  const LoadResult result = load_frozen_server(4096);
  EXPECT_TRUE(result.valid()) << testing::PrintToString(result.invalid_because);
  ASSERT_EQ(result.record.requests.completed, 1000u);
  expect_freeze_shows(result.record, result.record.response_time);
  expect_freeze_shows(result.record, result.record.service_time);
}

// With one connection, one request is sent into the freeze and 199 wait for it inside the client: their service times,
// which begin when they are sent, know nothing of it.
TEST(FrozenServer, ShowsInTheResponseTimeAloneWithOneConnection) {
  const LoadResult result = load_frozen_server(1);
  ASSERT_EQ(result.record.requests.completed, 1000u);
  expect_freeze_shows(result.record, result.record.response_time);
  EXPECT_EQ(count_from(result.record.service_time.values, 1s), 1u);
  EXPECT_LT(percentile(result.record.service_time, 0.99).value.value(), promise + 10ms);
  EXPECT_FALSE(result.valid());
  EXPECT_GE(result.record.waited_for_connection, 199u);
  EXPECT_THAT(result.invalid_because, testing::Contains(testing::HasSubstr("--max-connections")));
}

}  // namespace
}  // namespace waitlab::client
