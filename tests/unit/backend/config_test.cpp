#include "backend/config.hpp"

#include "common/config/config_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::backend {
namespace {

using testing::HasSubstr;

Result<std::vector<ConfigValue>> load(Config& config, std::vector<std::string> sets) {
  const ConfigSpec spec = config_spec(config);
  return load_config(spec, {.file = {}, .environment = {}, .sets = std::move(sets)});
}

TEST(BackendConfig, ListensOnLoopbackByDefault) {
  Config config;
  EXPECT_EQ(config.listen.address, "127.0.0.1");
  EXPECT_EQ(config.listen.port, 8081);
  EXPECT_TRUE(check(config));
}

TEST(BackendConfig, ReadsTheListenerAndTheProfile) {
  Config config;
  const auto loaded = load(config, {"listen.address=::1", "listen.port=0", "profile.concurrency=8"});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(config.listen.address, "::1");
  EXPECT_EQ(config.listen.port, 0);
  EXPECT_EQ(config.profiles.standard.concurrency, 8u);
  EXPECT_TRUE(check(config));
}

TEST(BackendConfig, ReadsProfilesUnderTheirNames) {
  Config config;
  const auto loaded = load(config, {"profiles.db.slowdown.coherency=0.001", "profiles.db.delay.distribution=pareto"});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(config.profiles.named.at("db").slowdown.coherency, 0.001);
  const auto checked = check(config);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("profiles.db.delay.min"));
}

TEST(BackendConfig, RejectsAPortThatDoesNotExist) {
  Config config;
  EXPECT_FALSE(load(config, {"listen.port=65536"}));
}

TEST(BackendConfig, AsksForAnIpAddress) {
  Config config;
  config.listen.address = "localhost";
  const auto checked = check(config);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("listen.address is \"localhost\""));
}

TEST(BackendConfig, ChecksTheProfile) {
  Config config;
  config.profiles.standard.delay.distribution = "lognormal";
  config.profiles.standard.delay.p99 = config.profiles.standard.delay.median;
  const auto checked = check(config);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("profile.delay.p99"));
}

}  // namespace
}  // namespace waitlab::backend
