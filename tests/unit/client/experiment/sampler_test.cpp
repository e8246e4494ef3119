#include "client/experiment/sampler.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace waitlab::client {
namespace {

TEST(Sampler, SeesTheProcessEvenIfItsCountersCannotBeRead) {
  Sampler sampler(::getpid(), "127.0.0.1:1");
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_FALSE(seen.samples.empty());
  EXPECT_GE(seen.peak_threads, 2U);
  EXPECT_GT(seen.peak_rss_bytes, 0U);
  EXPECT_FALSE(seen.usage);
}

TEST(Sampler, IsDoneWithAProcessThatIsGone) {
  Sampler sampler(-1, "127.0.0.1:1");
  EXPECT_TRUE(sampler.finish().samples.empty());
}

}  // namespace
}  // namespace waitlab::client
