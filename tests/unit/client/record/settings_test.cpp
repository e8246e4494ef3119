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

TEST(Settings, OfAStrategyAreWholeNumbersOrNone) {
  EXPECT_EQ(strategy_number(words, "fixed-pool", "threads"), 16U);
  EXPECT_FALSE(strategy_number(words, "fixed-pool", "queue_capacity")) << "1k is no whole number";
  EXPECT_FALSE(strategy_number(words, "event-loop", "threads"));
  EXPECT_FALSE(whole_number("-1"));
  EXPECT_FALSE(whole_number(""));
}

}  // namespace
}  // namespace waitlab::client
