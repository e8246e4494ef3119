#include "server/sizing.hpp"

#include "server/strategies/strategy_factory.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A machine that sets few bounds.
ResourceLimits roomy() {
  return {.cpus_usable = 4, .cgroup = {}, .descriptors = 1'000'000, .threads = {100'000, "kernel.threads-max"}};
}

ServerConfig with_strategy(const std::string& strategy) {
  ServerConfig config;
  config.strategy = strategy;
  return config;
}

TEST(Sizing, GivesEightThreadsToEachCpuOfTheQuota) {
  ResourceLimits limits = roomy();
  EXPECT_EQ(sized_for(limits, {}).strategies.fixed_pool.threads, 32U);
  limits.cgroup.cpus = 1.3;
  EXPECT_EQ(sized_for(limits, {}).strategies.fixed_pool.threads, 11U);
  limits.cgroup.cpus = 0.05;
  EXPECT_EQ(sized_for(limits, {}).strategies.fixed_pool.threads, 1U);
}

TEST(Sizing, TakesTheDefaultsWhereThereIsRoom) {
  const ServerConfig sized = sized_for(roomy(), {});
  EXPECT_EQ(sized.strategies.thread_per_request.max_threads, 4096U);
  EXPECT_EQ(sized.limits.max_connections, 16384U);
}

TEST(Sizing, StaysWithinTheLimits) {
  ResourceLimits limits = roomy();
  limits.threads = {20, "pids"};
  limits.descriptors = 232;
  const ServerConfig sized = sized_for(limits, {});
  EXPECT_EQ(sized.strategies.thread_per_request.max_threads, 4U);
  EXPECT_EQ(sized.strategies.fixed_pool.threads, 4U);
  EXPECT_EQ(sized.limits.max_connections, 100U);
  for (const std::string& strategy : strategy_names())
    EXPECT_THAT(unreachable_sizes(limits, sized_for(limits, with_strategy(strategy))), IsEmpty()) << strategy;
}

TEST(Sizing, IsNeverNone) {
  const ServerConfig sized = sized_for({.cpus_usable = 1, .cgroup = {}, .descriptors = 3, .threads = {1, "pids"}}, {});
  EXPECT_EQ(sized.strategies.thread_per_request.max_threads, 1U);
  EXPECT_EQ(sized.strategies.fixed_pool.threads, 1U);
  EXPECT_EQ(sized.limits.max_connections, 1U);
}

TEST(Sizing, CountsNoDescriptorForABackendThatIsATimer) {
  ResourceLimits limits = roomy();
  limits.descriptors = 232;
  ServerConfig config;
  config.backend.mode = "timer";
  EXPECT_EQ(sized_for(limits, config).limits.max_connections, 200U);
}

TEST(Sizing, CountsForThreadsNoMoreCallsThanThereAreThreads) {
  ResourceLimits limits = roomy();
  limits.descriptors = 232;
  ServerConfig config = with_strategy("fixed-pool");
  config.strategies.fixed_pool.threads = 4;
  EXPECT_EQ(sized_for(limits, config).limits.max_connections, 196U);
  config.strategies.fixed_pool.threads = 1000;
  EXPECT_EQ(sized_for(limits, config).limits.max_connections, 100U);
}

TEST(Sizing, HasALoopForEachCpu) {
  ResourceLimits limits = roomy();
  limits.cgroup.cpus = 1.3;
  const ServerConfig sized = sized_for(limits, {});
  EXPECT_EQ(sized.strategies.event_loop_per_core.loops, 2U);
  EXPECT_EQ(sized.strategies.fiber.loops, 2U);
}

TEST(Sizing, HasAConnectionForEachStackThatTheKernelMaps) {
  ResourceLimits limits = roomy();
  limits.mappings = 1024 + 200;
  EXPECT_EQ(sized_for(limits, with_strategy("fiber")).limits.max_connections, 100U);
  EXPECT_EQ(sized_for(limits, with_strategy("event-loop")).limits.max_connections, 16384U);
  ServerConfig config = sized_for(limits, with_strategy("fiber"));
  config.limits.max_connections = 101;
  EXPECT_THAT(unreachable_sizes(limits, config), ElementsAre(HasSubstr("vm.max_map_count, 1224")));
}

TEST(Sizing, LeavesWhatIsGiven) {
  ServerConfig config;
  config.strategies.fixed_pool.threads = 7;
  config.strategies.thread_per_request.max_threads = 200'000;
  config.limits.max_connections = 9;
  const ServerConfig sized = sized_for(roomy(), config);
  EXPECT_EQ(sized.strategies.fixed_pool.threads, 7U);
  EXPECT_EQ(sized.strategies.thread_per_request.max_threads, 200'000U);
  EXPECT_EQ(sized.limits.max_connections, 9U);
}

TEST(UnreachableSizes, NameTheSizeAndTheLimitInItsWay) {
  ResourceLimits limits = roomy();
  limits.threads = {64, "the pids limit, 64"};
  ServerConfig config = with_strategy("thread-per-request");
  config.strategies.thread_per_request.max_threads = 4096;
  config = sized_for(limits, config);
  EXPECT_THAT(unreachable_sizes(limits, config),
              ElementsAre(AllOf(HasSubstr("strategies.thread-per-request.max_threads is 4096"), HasSubstr("48"),
                                HasSubstr("the pids limit, 64"))));
  limits.descriptors = 1000;
  EXPECT_THAT(unreachable_sizes(limits, config),
              ElementsAre(HasSubstr("limits.max_connections is 16384"), HasSubstr("max_threads")));
}

TEST(UnreachableSizes, AreThoseOfTheStrategyThatRuns) {
  ResourceLimits limits = roomy();
  limits.threads = {64, "the pids limit, 64"};
  ServerConfig config;
  config.strategies.thread_per_request.max_threads = 4096;
  config.strategies.fixed_pool.threads = 100;
  EXPECT_THAT(unreachable_sizes(limits, sized_for(limits, config)), IsEmpty());
  config.strategy = "fixed-pool";
  EXPECT_THAT(unreachable_sizes(limits, sized_for(limits, config)),
              ElementsAre(HasSubstr("strategies.fixed-pool.threads is 100")));
}

}  // namespace
}  // namespace waitlab::server
