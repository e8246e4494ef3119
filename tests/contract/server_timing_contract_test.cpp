#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace waitlab::server {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

/// The parts of the time a request took, as its answer tells them.
struct Parts {
  double queue = -1, backend = -1, handler = -1;

  double sum() const { return queue + backend + handler; }
};

Parts parts_of(const HttpAnswer& answer) {
  const std::string name = "Server-Timing: ";
  const std::size_t at = answer.text.find(name);
  Parts parts;
  EXPECT_NE(at, std::string::npos) << answer.text;
  if (at == std::string::npos) return parts;
  std::sscanf(answer.text.c_str() + at + name.size(), "queue;dur=%lf, backend;dur=%lf, handler;dur=%lf", &parts.queue,
              &parts.backend, &parts.handler);
  return parts;
}

double ms_since(Clock::time_point moment) {
  return Milliseconds(Clock::now() - moment).count();
}

/// Each part is rounded to a microsecond.
constexpr double rounding_ms = 0.002;

class ServerTiming : public EveryStrategy {};

INSTANTIATE_TEST_SUITE_P(Contract, ServerTiming, every_strategy(), strategy_test_name);

// What is counted twice makes the parts more than all the time there was: the wait is most of it.
TEST_P(ServerTiming, HasNoTimeInTwoOfItsParts) {
  under_test.config.backend.mode = "timer";
  under_test.start();
  HttpConnection connection = under_test.connect();
  for (const std::string target : {"/wait?delay=50ms", "/mix?work=1ms&delay=50ms", "/fanout?calls=3&delay=50ms",
                                   "/fanout?calls=3&delay=20ms&mode=sequential"}) {
    const auto began = Clock::now();
    const Parts parts = parts_of(connection.get(target));
    EXPECT_LE(parts.sum(), ms_since(began) + rounding_ms) << target;
    EXPECT_GE(parts.backend, 50 - rounding_ms) << target;
    EXPECT_GE(parts.handler, 0) << target;
  }
}

TEST_P(ServerTiming, HasTheWorkInItsHandlerAndNoBackendWhereNoneIsCalled) {
  under_test.config.backend.mode = "timer";
  under_test.start();
  HttpConnection connection = under_test.connect();
  for (const std::string target : {"/cpu?work=5ms", "/mix?work=5ms&delay=1ms"}) {
    const Parts parts = parts_of(connection.get(target));
    EXPECT_GE(parts.handler, 5 - rounding_ms) << target;
  }
  for (const std::string target : {"/cpu?work=5ms", "/plain", "/nowhere"})
    EXPECT_EQ(parts_of(connection.get(target)).backend, 0) << target;
}

TEST_P(ServerTiming, HasTheWaitForTheBackendInItsPartAlone) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/wait"));
  under_test.backend.wait_for_arrivals(1);
  const auto arrived = Clock::now();
  under_test.status();  // something to wait for
  const double held = ms_since(arrived);
  under_test.backend.release(1);
  EXPECT_GE(parts_of(connection.receive()).backend, held - rounding_ms);
}

TEST(ServerTimingOfAFullPool, HasTheWaitForAThreadInItsQueueAlone) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {.threads = 1, .queue_capacity = 8};
  under_test.start();
  HttpConnection first = under_test.connect();
  first.send(get_request("/wait"));
  under_test.backend.wait_for_arrivals(1);
  HttpConnection queued = under_test.connect();
  const auto began = Clock::now();
  queued.send(get_request("/plain"));
  under_test.await_status("\"queued\": 1");
  const auto seen = Clock::now();
  under_test.status();  // something to wait for
  const double waited = ms_since(seen);
  under_test.backend.open();
  const Parts parts = parts_of(queued.receive());
  EXPECT_GE(parts.queue, waited - rounding_ms);
  EXPECT_EQ(parts.backend, 0);
  EXPECT_LE(parts.sum(), ms_since(began) + rounding_ms);
}

}  // namespace
}  // namespace waitlab::server
