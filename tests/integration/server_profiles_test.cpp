#include "tests/integration/running_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waitlab {
namespace {

using testing::HasSubstr;

TEST(BackendProfiles, ReachTheBackendThatTheServerManages) {
  for (const std::string& strategy : strategies()) {
    RunningServer server({"--set", "strategy=" + strategy, "--set", "backend.profile.delay.mean=1ms", "--set",
                          "backend.profiles.db.faults.error=1", "--set", "backend.profiles.cache.delay.mean=0s"});
    HttpConnection connection = server.connect();
    EXPECT_EQ(connection.get("/wait").status, 200U);
    EXPECT_EQ(connection.get("/wait?backend=cache").status, 200U);
    EXPECT_EQ(connection.get("/wait?backend=db").status, 502U);
    const HttpAnswer unknown = connection.get("/wait?backend=bd");
    EXPECT_EQ(unknown.status, 400U);
    EXPECT_THAT(unknown.body, HasSubstr("there is no profile \\\"bd\\\"; there are: cache, db"));
    server.await_status("/backend/unknown_profile", 1);
  }
}

TEST(BackendProfiles, TakeEveryKindOfSettingAlong) {
  const TemporaryFile delays(".txt");
  delays.write("1ms\n");
  const TemporaryFile config(".jsonc");
  config.write(R"({"backend": {"profiles": {
    "parts": {"delay": {"distribution": "bimodal", "parts": [{"weight": 1, "delay": "0s"}]}},
    "tail": {"delay": {"distribution": "pareto", "min": "1ms", "alpha": 3}, "slowdown": {"coherency": 0.001}},
    "again": {"delay": {"distribution": "replay", "file": ")" +
               delays.path() + R"("}, "brownout": {"every": "1h", "for": "1s", "factor": 2}},
    "drip": {"delay": {"mean": "0s"}, "faults": {"drip": 1, "drip_pause": "0s"}}}}})");
  RunningServer server({"--config", config.path()});
  HttpConnection connection = server.connect();
  for (const char* name : {"parts", "tail", "again", "drip"})
    EXPECT_EQ(connection.get(std::string("/wait?backend=") + name).status, 200U) << name;
}

TEST(BackendProfiles, AreSeenByFaultsAsWhatTheyAre) {
  RunningServer server({"--set", "backend.timeout=200ms", "--set", "backend.profile.delay.mean=0s", "--set",
                        "backend.profiles.before.faults.reset_before=1", "--set",
                        "backend.profiles.in.faults.reset_in=1", "--set", "backend.profiles.stall.faults.stall=1"});
  HttpConnection connection = server.connect();
  EXPECT_EQ(connection.get("/wait?backend=before&delay=0s").status, 502U);
  EXPECT_EQ(connection.get("/wait?backend=in&delay=0s").status, 502U);
  EXPECT_EQ(connection.get("/wait?backend=stall&delay=0s").status, 504U);
  EXPECT_EQ(connection.get("/wait").status, 200U);
}

}  // namespace
}  // namespace waitlab
