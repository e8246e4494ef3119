#include "server/config.hpp"

#include "common/config/config_loader.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

Result<void> load(ServerConfig& config, std::vector<std::string> sets) {
  const auto loaded = load_config(server_config_spec(config), {{}, {}, std::move(sets)});
  if (!loaded) return loaded.error();
  return check_server_config(config);
}

std::string error_of(std::vector<std::string> sets) {
  ServerConfig config;
  const auto loaded = load(config, std::move(sets));
  return loaded ? "accepted" : loaded.error().message;
}

ServerConfig config_of(std::vector<std::string> sets) {
  ServerConfig config;
  const auto loaded = load(config, std::move(sets));
  EXPECT_TRUE(loaded) << loaded.error().message;
  return config;
}

TEST(ServerConfig, IsSoundByDefault) {
  const ServerConfig config = config_of({});
  EXPECT_EQ(config.strategy, "event-loop");
  EXPECT_EQ(config.listen.address, "127.0.0.1");
  EXPECT_EQ(config.listen.port, 8080);
  EXPECT_EQ(config.admin.port, 9090);
  EXPECT_EQ(config.backend.mode, "managed");
  EXPECT_EQ(config.backend.timeout, 5s);
  EXPECT_EQ(config.strategies.fixed_pool.threads, auto_size);
  EXPECT_EQ(config.strategies.fixed_pool.queue_capacity, 1024U);
  EXPECT_EQ(config.strategies.thread_per_request.max_threads, auto_size);
  EXPECT_EQ(config.limits.max_connections, auto_size);
  EXPECT_EQ(config.limits.header_bytes, 16U * 1024);
  EXPECT_EQ(config.limits.body_bytes, 1024U * 1024);
  EXPECT_EQ(config.timeouts.header, 10s);
  EXPECT_EQ(config.timeouts.keep_alive, 60s);
  EXPECT_EQ(config.timeouts.request, 30s);
  EXPECT_EQ(config.timeouts.drain, 10s);
}

TEST(ServerConfig, HoldsTheBlocksOfEveryStrategyAtOnce) {
  const TemporaryFile file(".jsonc");
  file.write(R"({
    "strategy": "fixed-pool",  // the one word to edit
    "strategies": {
      "thread-per-request": {"max_threads": 77},
      "fixed-pool": {"threads": 5, "queue_capacity": 0}
    },
    "limits": {"header_bytes": "8KiB", "body_bytes": "0B"},
    "timeouts": {"drain": "0ms"}
  })");
  ServerConfig config;
  const auto loaded = load_config(server_config_spec(config), {file.path(), {}, {}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(config.strategy, "fixed-pool");
  EXPECT_EQ(config.strategies.thread_per_request.max_threads, 77U);
  EXPECT_EQ(config.strategies.fixed_pool.threads, 5U);
  EXPECT_EQ(config.strategies.fixed_pool.queue_capacity, 0U);
  EXPECT_EQ(config.limits.header_bytes, 8192U);
  EXPECT_EQ(config.limits.body_bytes, 0U);
  EXPECT_EQ(config.timeouts.drain, 0ms);
}

TEST(ServerConfig, KnowsTheStrategies) {
  for (const char* name : {"thread-per-request", "fixed-pool", "event-loop"})
    EXPECT_EQ(config_of({std::string("strategy=") + name}).strategy, name);
  EXPECT_THAT(error_of({"strategy=event-lop"}), AllOf(HasSubstr("strategy"), HasSubstr("event-loop")));
}

TEST(ServerConfig, NamesTheKeyOfABadValue) {
  for (const std::string set :
       {"strategies.thread-per-request.max_threads=0", "strategies.fixed-pool.threads=0",
        "strategies.fixed-pool.queue_capacity=-1", "listen.port=65536", "admin.port=x", "backend.mode=fast",
        "backend.timeout=5", "backend.timeout=0ms", "limits.max_connections=0", "limits.header_bytes=255B",
        "limits.body_bytes=1", "timeouts.header=0s", "timeouts.keep_alive=25h", "timeouts.request=now",
        "timeouts.drain=-1s"}) {
    EXPECT_THAT(error_of({set}), HasSubstr(set.substr(0, set.find('=')))) << set;
  }
}

TEST(ServerConfig, ProposesTheNearestKey) {
  EXPECT_THAT(error_of({"strategies.fixed-pool.thread=5"}), HasSubstr("strategies.fixed-pool.threads"));
}

TEST(ServerConfig, AsksForTheAddressOfARemoteBackendOnly) {
  EXPECT_THAT(error_of({"backend.mode=remote", "backend.address=nowhere"}), StartsWith("backend.address: "));
  EXPECT_EQ(error_of({"backend.mode=remote", "backend.address=127.0.0.1:1"}), "accepted");
  EXPECT_EQ(error_of({"backend.address=nowhere"}), "accepted");
}

TEST(ServerConfig, AllowsNoCapOnATimer) {
  EXPECT_THAT(error_of({"backend.mode=timer", "backend.profile.concurrency=8"}),
              StartsWith("backend.profile.concurrency: "));
  EXPECT_EQ(error_of({"backend.mode=timer"}), "accepted");
  EXPECT_EQ(error_of({"backend.profile.concurrency=8"}), "accepted");
}

TEST(ServerConfig, TakesNoStackThatIsTooSmall) {
  EXPECT_EQ(error_of({"strategies.thread-per-connection.stack=4KiB"}),
            "strategies.thread-per-connection.stack is 4KiB: what serves requests needs 64KiB; 0B takes what "
            "the system gives");
  EXPECT_EQ(error_of({"strategies.thread-per-connection.stack=0B"}), "accepted");
  EXPECT_EQ(error_of({"strategies.thread-per-connection.stack=64KiB"}), "accepted");
  EXPECT_EQ(error_of({"strategies.fiber.stack=31KiB"}),
            "strategies.fiber.stack is 31KiB: what serves requests needs 32KiB");
  EXPECT_EQ(error_of({"strategies.fiber.stack=32KiB"}), "accepted");
}

TEST(ServerConfig, HasNoCoreLargerThanThePool) {
  const std::string pool = "strategies.fixed-pool.";
  EXPECT_THAT(error_of({pool + "growth=grow-first", pool + "threads=8", pool + "core_threads=9"}),
              HasSubstr("core_threads is 9, but strategies.fixed-pool.threads only 8"));
  EXPECT_EQ(error_of({pool + "growth=grow-first", pool + "threads=8"}), "accepted");
  EXPECT_EQ(error_of({pool + "threads=8", pool + "core_threads=9"}), "accepted") << "it does not grow";
}

TEST(ServerConfig, AllowsNothingOnATimerButDelays) {
  for (const std::string key : {"faults.error=0.1", "faults.stall=1", "brownout.every=1m", "slowdown.coherency=0.1",
                                "slowdown.contention=0.1", "hold_log=holds.csv"}) {
    for (const std::string block : {"backend.profile.", "backend.profiles.db."}) {
      EXPECT_THAT(error_of({"backend.mode=timer", block + key}),
                  AllOf(StartsWith(block + key.substr(0, key.find('='))), HasSubstr("set backend.mode=managed")));
      EXPECT_EQ(error_of({block + key}), "accepted");
    }
  }
  EXPECT_EQ(error_of({"backend.mode=timer", "backend.profile.delay.distribution=pareto",
                      "backend.profile.delay.min=1ms", "backend.profiles.db.seed=2"}),
            "accepted");
}

TEST(ServerConfig, ReadsProfilesUnderTheirNames) {
  const ServerConfig config = config_of({"backend.profiles.db.delay.mean=7ms", "backend.profile.seed=9"});
  EXPECT_EQ(config.backend.profiles.standard.seed, 9U);
  EXPECT_EQ(config.backend.profiles.named.at("db").delay.mean, 7ms);
  EXPECT_THAT(error_of({"backend.profiles.db.dely.mean=7ms"}), HasSubstr("backend.profiles.db.delay.mean"));
}

TEST(ServerConfig, ChecksTheProfile) {
  EXPECT_THAT(error_of({"backend.profile.delay.distribution=uniform", "backend.profile.delay.min=2s",
                        "backend.profile.delay.max=1s"}),
              HasSubstr("backend.profile."));
}

TEST(RestartNeeded, ForWhatIsBoundAtTheStart) {
  const ServerConfig running;
  const auto needed = [&running](const std::string& set) { return restart_needed(running, config_of({set})); };
  EXPECT_EQ(needed("listen.port=1"), "listen.port");
  EXPECT_EQ(needed("listen.address=0.0.0.0"), "listen.address");
  EXPECT_EQ(needed("admin.port=1"), "admin.port");
  EXPECT_EQ(needed("limits.max_connections=1"), "limits.max_connections");
  EXPECT_EQ(needed("limits.header_bytes=1KiB"), "limits.header_bytes");
  EXPECT_EQ(needed("limits.body_bytes=1KiB"), "limits.body_bytes");
  EXPECT_EQ(needed("backend.mode=timer"), "backend.mode");
  EXPECT_EQ(needed("backend.profile.seed=2"), "backend.profile.seed");
  EXPECT_EQ(needed("backend.profile.faults.stall=0.5"), "backend.profile.faults.stall");
  EXPECT_EQ(needed("backend.profiles.db.seed=2"), "backend.profiles.db");
  EXPECT_EQ(restart_needed(config_of({"backend.profiles.db.seed=2"}), config_of({"backend.profiles.db.seed=3"})),
            "backend.profiles.db.seed");
}

TEST(RestartNeeded, ForAnotherNumberOfAcceptQueues) {
  const std::string loops = "strategies.event-loop-per-core.loops=";
  const std::string accept = "strategies.event-loop-per-core.accept=";
  const auto needed = [&](const std::vector<std::string>& running, const std::vector<std::string>& wanted) {
    return restart_needed(config_of(running), config_of(wanted));
  };
  EXPECT_EQ(needed({loops + "2"}, {loops + "3"}), "");
  EXPECT_EQ(needed({loops + "2"}, {loops + "2", accept + "reuse-port"}), "strategies.event-loop-per-core.accept");
  EXPECT_EQ(needed({loops + "2", accept + "reuse-port"}, {loops + "3", accept + "reuse-port"}),
            "strategies.event-loop-per-core.loops");
  EXPECT_EQ(needed({accept + "reuse-port"}, {accept + "reuse-port"}), "");
}

TEST(RestartNeeded, NamesEveryKeyThatAsksForIt) {
  EXPECT_EQ(restart_needed({}, config_of({"listen.port=1", "limits.body_bytes=1KiB", "strategy=fixed-pool"})),
            "listen.port, limits.body_bytes");
}

TEST(RestartNeeded, NotForWhatAStrategyReads) {
  EXPECT_EQ(restart_needed({}, config_of({})), "");
  EXPECT_EQ(
      restart_needed({}, config_of({"strategy=fixed-pool", "strategies.fixed-pool.threads=3", "backend.timeout=1s",
                                    "timeouts.request=1s", "timeouts.keep_alive=1s", "backend.address=127.0.0.1:9"})),
      "");
}

}  // namespace
}  // namespace waitlab::server
