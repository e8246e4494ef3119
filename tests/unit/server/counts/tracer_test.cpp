#include "server/counts/tracer.hpp"

#include "server/counts/thread_track.hpp"

#include <gmock/gmock.h>

#include <map>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TracerTest : public testing::Test {
 protected:
  Trace stop() { return tracer.stop({&threads}); }

  static std::vector<Activity> activities(const Trace& trace) {
    std::vector<Activity> all;
    for (const Trace::Span& span : trace.spans)
      all.push_back(span.activity);
    return all;
  }

  Tracer tracer;
  Tracks threads{tracer, "fixed-pool", Tracks::Kind::threads};
};

TEST_F(TracerTest, RecordsNothingUntilItIsAskedTo) {
  const Tracks::Held track(threads);
  track->become(Activity::running);
  track->become(Activity::idle);
  ASSERT_TRUE(tracer.start());
  EXPECT_THAT(stop().spans, IsEmpty());
}

TEST_F(TracerTest, RecordsEachActivityFromItsBeginningToItsEnd) {
  const Tracks::Held track(threads);
  ASSERT_TRUE(tracer.start());
  track->serve(7);
  track->become(Activity::running);
  track->become(Activity::waiting);
  track->become(Activity::running);
  track->become(Activity::idle);
  const Trace trace = stop();
  ASSERT_THAT(activities(trace), ElementsAre(Activity::running, Activity::waiting, Activity::running));
  Trace::TimePoint before = trace.begin;
  for (const Trace::Span& span : trace.spans) {
    EXPECT_EQ(span.group, &threads);
    EXPECT_EQ(span.track, 0U);
    EXPECT_EQ(span.request, 7U);
    EXPECT_GE(span.begin, before);
    EXPECT_GE(span.end, span.begin);
    before = span.end;
  }
  EXPECT_LE(before, trace.end);
  EXPECT_EQ(trace.spans[0].end, trace.spans[1].begin);
}

TEST_F(TracerTest, RecordsWhatBeganBeforeAndWhatStillGoesOn) {
  const Tracks::Held track(threads);
  track->become(Activity::waiting);
  ASSERT_TRUE(tracer.start());
  const Trace trace = stop();
  ASSERT_THAT(activities(trace), ElementsAre(Activity::waiting));
  EXPECT_EQ(trace.spans[0].begin, trace.begin);
  EXPECT_EQ(trace.spans[0].end, trace.end);
}

TEST_F(TracerTest, RecordsATrackThatIsGivenBackMeanwhile) {
  ASSERT_TRUE(tracer.start());
  {
    const Tracks::Held track(threads);
    track->become(Activity::running);
  }
  EXPECT_THAT(activities(stop()), ElementsAre(Activity::running));
}

TEST_F(TracerTest, ForgetsTheRecordingBefore) {
  const Tracks::Held track(threads);
  ASSERT_TRUE(tracer.start());
  track->become(Activity::running);
  stop();
  track->become(Activity::waiting);
  ASSERT_TRUE(tracer.start());
  const Trace trace = stop();
  ASSERT_THAT(activities(trace), ElementsAre(Activity::waiting));
  EXPECT_EQ(trace.spans[0].begin, trace.begin);
}

TEST_F(TracerTest, MakesOneRecordingAtATime) {
  ASSERT_TRUE(tracer.start());
  EXPECT_FALSE(tracer.start());
  stop();
  EXPECT_TRUE(tracer.start());
}

TEST_F(TracerTest, EndsWhenItIsFull) {
  const Tracks::Held track(threads);
  ASSERT_TRUE(tracer.start(2));
  for (int turn = 0; turn < 5; ++turn) {
    EXPECT_EQ(tracer.full(), turn >= 2);
    track->become(Activity::running);
    track->become(Activity::idle);
  }
  const Trace trace = stop();
  EXPECT_TRUE(trace.full);
  EXPECT_FALSE(tracer.full());
  ASSERT_EQ(trace.spans.size(), 2U);
  EXPECT_EQ(trace.end, trace.spans.back().end);
  EXPECT_EQ(trace.dropped, 0U);
}

TEST_F(TracerTest, HasWhatWentOnWhenItWasFullAsFarAsThereIsRoom) {
  const Tracks::Held changing(threads);
  const Tracks::Held ended(threads);
  const Tracks::Held going_on(threads);
  const Tracks::Held beyond(threads);
  for (const Tracks::Held* track : {&ended, &going_on, &beyond})
    (*track)->become(Activity::waiting);
  ASSERT_TRUE(tracer.start(2));
  for (const Activity activity : {Activity::running, Activity::waiting, Activity::running})
    changing->become(activity);
  ended->become(Activity::running);
  const Trace trace = stop();
  ASSERT_THAT(activities(trace),
              ElementsAre(Activity::running, Activity::waiting, Activity::waiting, Activity::waiting));
  EXPECT_EQ(trace.spans[2].track, ended->number());
  EXPECT_EQ(trace.spans[3].track, going_on->number());
  for (const Trace::Span& span : trace.spans)
    EXPECT_LE(span.end, trace.end);
  EXPECT_EQ(trace.spans[3].end, trace.end);
  EXPECT_EQ(trace.dropped, 1U);
}

TEST_F(TracerTest, RecordsManyThreadsWithoutOverlaps) {
  ASSERT_TRUE(tracer.start());
  {
    std::vector<std::jthread> serving;
    for (int thread = 0; thread < 4; ++thread) {
      serving.emplace_back([this] {
        const ThreadTrack lane(threads);
        for (int turn = 0; turn < 200; ++turn) {
          const ScopedActivity running(Activity::running);
          const ScopedActivity waiting(Activity::waiting);
        }
      });
    }
  }
  const Trace trace = stop();
  EXPECT_EQ(trace.spans.size(), 4U * 200 * 3);
  std::map<std::uint32_t, Trace::TimePoint> ends;
  for (const Trace::Span& span : trace.spans) {
    EXPECT_GE(span.begin, ends[span.track]);
    ends[span.track] = span.end;
  }
}

TEST_F(TracerTest, StartsAndStopsWhileThreadsServe) {
  std::jthread serving([this](const std::stop_token& stop) {
    const ThreadTrack lane(threads);
    while (!stop.stop_requested()) {
      const ScopedActivity running(Activity::running);
    }
  });
  for (int recording = 0; recording < 50; ++recording) {
    ASSERT_TRUE(tracer.start(100));
    const Trace trace = stop();
    for (const Trace::Span& span : trace.spans) {
      EXPECT_GE(span.begin, trace.begin);
      EXPECT_LE(span.end, trace.end);
    }
  }
}

}  // namespace
}  // namespace waitlab::server
