#include "client/record/settings.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

const std::vector<std::string> words{"strategy=fixed-pool", "strategies.fixed-pool.threads=16",
                                     "strategies.fixed-pool.queue_capacity=1k", "a=b=c"};

TEST(Settings, AreFoundByTheirWholeKey) {
  EXPECT_EQ(setting_of(words, "strategy"), "fixed-pool");
  EXPECT_EQ(setting_of(words, "a"), "b=c");
  EXPECT_FALSE(setting_of(words, "strat"));
  EXPECT_FALSE(setting_of(words, "strategies.fixed-pool.threads=16"));
}

TEST(Settings, AreWholeNumbersOrNone) {
  EXPECT_EQ(whole_number(*setting_of(words, "strategies.fixed-pool.threads")), 16U);
  EXPECT_FALSE(whole_number(*setting_of(words, "strategies.fixed-pool.queue_capacity"))) << "1k is no whole number";
  EXPECT_FALSE(setting_of(words, "strategies.event-loop.threads"));
  EXPECT_FALSE(whole_number("-1"));
  EXPECT_FALSE(whole_number(""));
}

}  // namespace
}  // namespace waitlab::client
