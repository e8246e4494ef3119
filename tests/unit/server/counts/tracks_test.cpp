#include "server/counts/tracks.hpp"

#include "server/counts/thread_track.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace waitlab::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class TracksTest : public testing::Test {
 protected:
  using Seen = std::vector<std::pair<std::uint32_t, Activity>>;

  Seen seen() const {
    Seen all;
    tracks.visit([&](const Track& track) { all.emplace_back(track.number(), track.activity()); });
    return all;
  }

  Tracer tracer;
  Tracks tracks{tracer, "fixed-pool", Tracks::Kind::threads};
};

TEST_F(TracksTest, ShowWhatIsDoneOnEachThatIsInUse) {
  EXPECT_THAT(seen(), IsEmpty());
  const Tracks::Held first(tracks);
  const Tracks::Held second(tracks);
  second->become(Activity::waiting);
  EXPECT_THAT(seen(), ElementsAre(Pair(0, Activity::idle), Pair(1, Activity::waiting)));
}

TEST_F(TracksTest, UseTheLowestNumberAgain) {
  std::optional<Tracks::Held> first(std::in_place, tracks);
  std::optional<Tracks::Held> second(std::in_place, tracks);
  const Tracks::Held third(tracks);
  second.reset();
  first.reset();
  const Tracks::Held again(tracks);
  EXPECT_EQ(again->number(), 0U);
  const Tracks::Held after_that(tracks);
  EXPECT_EQ(after_that->number(), 1U);
}

TEST_F(TracksTest, ForgetWhatWasDoneOnATrackThatIsGivenBack) {
  std::optional<Tracks::Held> held(std::in_place, tracks);
  (*held)->become(Activity::running);
  held.reset();
  EXPECT_THAT(seen(), IsEmpty());
  const Tracks::Held again(tracks);
  EXPECT_THAT(seen(), ElementsAre(Pair(0, Activity::idle)));
}

TEST_F(TracksTest, MayBeLookedAtWhileThreadsComeAndGo) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this] {
      for (int turn = 0; turn < 200; ++turn) {
        const ThreadTrack lane(tracks);
        const ScopedActivity running(Activity::running);
      }
    });
  }
  for (int look = 0; look < 200; ++look)
    EXPECT_LE(seen().size(), 4U);
}

class Lanes : public TracksTest {
 protected:
  Activity now() const { return ThreadTrack::of_this_thread()->activity(); }
};

TEST_F(Lanes, BelongToTheThreadThatMadeThem) {
  EXPECT_EQ(ThreadTrack::of_this_thread(), nullptr);
  {
    const ThreadTrack lane(tracks);
    EXPECT_NE(ThreadTrack::of_this_thread(), nullptr);
    std::jthread([] { EXPECT_EQ(ThreadTrack::of_this_thread(), nullptr); });
  }
  EXPECT_EQ(ThreadTrack::of_this_thread(), nullptr);
}

TEST_F(Lanes, GoBackToWhatWasDoneBefore) {
  const ThreadTrack lane(tracks);
  EXPECT_EQ(now(), Activity::idle);
  {
    const ScopedActivity running(Activity::running);
    EXPECT_EQ(now(), Activity::running);
    {
      const ScopedActivity waiting(Activity::waiting);
      EXPECT_EQ(now(), Activity::waiting);
    }
    EXPECT_EQ(now(), Activity::running);
  }
  EXPECT_EQ(now(), Activity::idle);
}

TEST_F(Lanes, ForgetTheirRequestOnceTheyAreIdle) {
  const ThreadTrack lane(tracks);
  {
    const ScopedActivity running(Activity::running);
    ThreadTrack::of_this_thread()->serve(7);
    { const ScopedActivity waiting(Activity::waiting); }
    EXPECT_EQ(ThreadTrack::of_this_thread()->request(), 7U);
  }
  EXPECT_EQ(ThreadTrack::of_this_thread()->request(), 0U);
}

TEST_F(Lanes, AreNotNeededToDoSomething) {
  const ScopedActivity running(Activity::running);
  EXPECT_THAT(seen(), IsEmpty());
}

}  // namespace
}  // namespace waitlab::server
