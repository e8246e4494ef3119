#include "common/text/words.hpp"

#include <gtest/gtest.h>

namespace waitlab {
namespace {

TEST(NearestName, CorrectsAMisspelling) {
  const std::vector<std::string> names{"queue_capacity", "threads", "port"};
  EXPECT_EQ(nearest_name("thread", names), "threads");
  EXPECT_EQ(nearest_name("prot", names), "port");
  EXPECT_EQ(nearest_name("queue-capacity", names), "queue_capacity");
  EXPECT_EQ(nearest_name("Port", names), "port");
}

TEST(NearestName, CompletesABeginning) {
  EXPECT_EQ(nearest_name("queue", {"threads", "queue_capacity"}), "queue_capacity");
  EXPECT_EQ(nearest_name("q", {"threads", "queue_capacity"}), std::nullopt);
}

TEST(NearestName, IsNothingForAStranger) {
  EXPECT_EQ(nearest_name("banana", {"threads", "port"}), std::nullopt);
  EXPECT_EQ(nearest_name("", {"a", "port"}), std::nullopt);
  EXPECT_EQ(nearest_name("x", {}), std::nullopt);
  EXPECT_EQ(nearest_name("strategies.fixed-pool.sockets", {"strategies.fixed-pool.threads"}), std::nullopt);
}

TEST(NearestName, PrefersTheNearerThenTheFirst) {
  EXPECT_EQ(nearest_name("mean", {"medan", "means", "meant"}), "medan");
  EXPECT_EQ(nearest_name("header", {"headers", "headed"}), "headers");
}

TEST(NearestName, GivesUpOnALongName) {
  EXPECT_EQ(nearest_name(std::string(5000, 'a'), {"a"}), std::nullopt);
}

}  // namespace
}  // namespace waitlab
