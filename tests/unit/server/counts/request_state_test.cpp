#include "server/counts/request_state.hpp"

#include "server/counts/thread_track.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using testing::ElementsAre;

class RequestStateTest : public testing::Test {
 protected:
  /// In flight, queued, waiting.
  std::vector<std::int64_t> counts() const {
    const RequestsNow now = requests_now(telemetry, telemetry.counts.total());
    return {now.in_flight, now.queued, now.waiting};
  }

  Activity activity() const {
    Activity found = Activity::idle;
    telemetry.requests.visit([&](const Track& track) { found = track.activity(); });
    return found;
  }

  std::uint64_t number() const {
    std::uint64_t found = 0;
    telemetry.requests.visit([&](const Track& track) { found = track.request(); });
    return found;
  }

  Tracer tracer;
  Telemetry telemetry{"fixed-pool", tracer};
};

TEST_F(RequestStateTest, IsCountedAsWhatItDoes) {
  RequestState request(telemetry);
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
  request.queue();
  EXPECT_THAT(counts(), ElementsAre(1, 1, 0));
  EXPECT_EQ(activity(), Activity::queued);
  request.run();
  EXPECT_THAT(counts(), ElementsAre(1, 0, 0));
  EXPECT_EQ(activity(), Activity::running);
  request.wait();
  EXPECT_THAT(counts(), ElementsAre(1, 0, 1));
  EXPECT_EQ(activity(), Activity::waiting);
  request.end();
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
  EXPECT_EQ(activity(), Activity::idle);
}

TEST_F(RequestStateTest, IsCountedOnceHoweverOftenItIsSaid) {
  RequestState request(telemetry);
  request.run();
  request.run();
  request.wait();
  request.wait();
  EXPECT_THAT(counts(), ElementsAre(1, 0, 1));
  request.end();
  request.end();
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
}

TEST_F(RequestStateTest, EndsWithItsConnection) {
  {
    RequestState request(telemetry);
    request.wait();
  }
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
  EXPECT_EQ(activity(), Activity::idle);
}

TEST_F(RequestStateTest, NumbersEachRequestOfAConnection) {
  RequestState request(telemetry);
  request.run();
  const std::uint64_t first = number();
  EXPECT_NE(first, 0U);
  request.end();
  request.queue();
  const std::uint64_t second = number();
  EXPECT_NE(second, 0U);
  EXPECT_NE(second, first);
  request.run();
  EXPECT_EQ(number(), second);
}

TEST_F(RequestStateTest, TellsTheThreadWhichRequestItWorksOn) {
  const ThreadTrack lane(telemetry.threads);
  const ScopedActivity running(Activity::running);
  RequestState request(telemetry);
  request.run();
  EXPECT_NE(number(), 0U);
  EXPECT_EQ(ThreadTrack::of_this_thread()->request(), number());
}

}  // namespace
}  // namespace waitlab::server
