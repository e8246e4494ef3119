#include "server/telemetry/telemetries.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace waitlab::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const Telemetries& telemetries) {
  std::vector<std::string> result;
  for (const Telemetry* telemetry : telemetries.all())
    result.push_back(telemetry->strategy);
  return result;
}

RunningStrategy running(const std::string& name) {
  return {name, {.workers = 4, .holds_worker = true, .description = "four threads"}, 100};
}

TEST(Telemetries, PutTheRunningStrategyLast) {
  Telemetries telemetries;
  EXPECT_THAT(names(telemetries), IsEmpty());
  telemetries.of("a");
  telemetries.of("b");
  EXPECT_EQ(names(telemetries).back(), "a");
  telemetries.make_current(running("b"));
  EXPECT_THAT(names(telemetries), ElementsAre("a", "b"));
  telemetries.make_current(running("b"));
  EXPECT_THAT(names(telemetries), ElementsAre("a", "b"));
}

TEST(Telemetries, KeepTheRunningStrategyLastWhileAnotherOnlyTriesToStart) {
  Telemetries telemetries;
  telemetries.of("a");
  telemetries.make_current(running("a"));
  telemetries.of("b");
  EXPECT_EQ(names(telemetries).back(), "a");
}

TEST(Telemetries, KnowHowTheRunningStrategyIsConfigured) {
  Telemetries telemetries;
  telemetries.of("a");
  telemetries.make_current(running("a"));
  EXPECT_EQ(telemetries.now().running.name, "a");
  EXPECT_EQ(telemetries.now().running.facts.workers, 4U);
}

TEST(Telemetries, TellTheRunningStrategyAndItsTelemetryOfOneMoment) {
  Telemetries telemetries;
  for (const char* name : {"a", "b", "c"})
    telemetries.of(name);
  std::jthread switcher([&](const std::stop_token& over) {
    while (!over.stop_requested()) {
      for (const char* name : {"a", "b", "c"})
        telemetries.make_current(running(name));
    }
  });
  telemetries.make_current(running("a"));
  for (int look = 0; look < 1000; ++look) {
    const Telemetries::Moment moment = telemetries.now();
    ASSERT_EQ(moment.running.name, moment.current().strategy);
  }
}

TEST(Telemetries, GoOnCountingWhenAStrategyRunsAgain) {
  Telemetries telemetries;
  Telemetry& first = telemetries.of("a");
  count(first.counts.here().accepted);
  telemetries.of("b");
  Telemetry& again = telemetries.of("a");
  EXPECT_EQ(&again, &first);
  EXPECT_EQ(again.counts.total().accepted, 1U);
}

}  // namespace
}  // namespace waitlab::server
