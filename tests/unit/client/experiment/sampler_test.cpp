#include "client/experiment/sampler.hpp"

#include "tests/support/one_answer.hpp"
#include "tests/unit/client/experiment/status_answer.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <vector>

namespace waitlab::client {
namespace {

TEST(Sampler, SeesTheProcessEvenIfItsCountersCannotBeRead) {
  Sampler sampler({.processes = [] { return std::vector<pid_t>{::getpid()}; }, .admin_address = "127.0.0.1:1"});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_FALSE(seen.samples.empty());
  EXPECT_GE(seen.peak_threads, 2U);
  EXPECT_GT(seen.peak_rss_bytes, 0U);
  EXPECT_FALSE(seen.usage);
}

TEST(Sampler, AsksTheKernelOfAServerThatCannotBeAsked) {
  Sampler sampler({.processes = [] { return std::vector<pid_t>{::getpid()}; }, .admin_address = {}});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  ASSERT_TRUE(seen.usage);
  EXPECT_FALSE(seen.usage->rejected);
  EXPECT_FALSE(seen.peak_in_flight);
  EXPECT_GT(seen.peak_rss_bytes, 0U);
}

TEST(Sampler, NotesTheRequestsInAServerOfOurs) {
  const OneAnswer server(status_answer({.in_flight = 3, .queued = 2}));
  Sampler sampler({.processes = [] { return std::vector<pid_t>{::getpid()}; }, .admin_address = server.address()});
  const ServerObservation seen = sampler.finish();
  EXPECT_EQ(seen.peak_in_flight, 3U);
  EXPECT_EQ(seen.peak_queued, 2U);
}

TEST(Sampler, IsDoneWithProcessesThatAreGone) {
  Sampler sampler({.processes = [] { return std::vector<pid_t>(); }, .admin_address = "127.0.0.1:1"});
  EXPECT_TRUE(sampler.finish().samples.empty());
}

TEST(Sampler, SeesNothingOfProcessesThatAreNotKnown) {
  Sampler sampler({});
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_TRUE(seen.samples.empty());
  EXPECT_FALSE(seen.usage);
  EXPECT_FALSE(resident_bytes({}));
}

}  // namespace
}  // namespace waitlab::client
