#include "client/fleet/muster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waitlab::client::fleet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Phase = Muster::Phase;
using State = Muster::State;

std::vector<State> states_of(const Muster& muster) {
  std::vector<State> states;
  for (const Muster::Place& place : muster.places())
    states.push_back(place.state);
  return states;
}

std::string why_refused(Muster& muster, const std::string& name) {
  const auto joined = muster.join(name);
  return joined ? "it has a place" : joined.error().message;
}

/// Workers w1, w2, … in as many places, all ready.
Muster ready_muster(std::size_t places) {
  Muster muster(places);
  for (std::size_t place = 0; place < places; ++place) {
    muster.join("w" + std::to_string(place + 1)).value();
    muster.ready(place);
  }
  return muster;
}

Muster running_muster(std::size_t places) {
  Muster muster = ready_muster(places);
  muster.start();
  return muster;
}

TEST(Muster, GivesPlacesInTheOrderInWhichWorkersCome) {
  Muster muster(3);
  EXPECT_EQ(muster.present(), 0u);
  EXPECT_EQ(muster.join("b").value(), 0u);
  EXPECT_EQ(muster.join("a").value(), 1u);
  EXPECT_EQ(muster.present(), 2u);
  EXPECT_FALSE(muster.all_present());
  EXPECT_EQ(muster.join("c").value(), 2u);
  EXPECT_TRUE(muster.all_present());
  EXPECT_EQ(muster.places()[1].name, "a");
  EXPECT_THAT(states_of(muster), ElementsAre(State::present, State::present, State::present));
}

TEST(Muster, RefusesOneMoreThanHasAPlace) {
  Muster muster(2);
  muster.join("a").value();
  muster.join("b").value();
  EXPECT_EQ(why_refused(muster, "c"), "all 2 places are taken");
  EXPECT_EQ(muster.present(), 2u);
}

TEST(Muster, RefusesANameThatIsTaken) {
  Muster muster(3);
  muster.join("a").value();
  EXPECT_THAT(why_refused(muster, "a"), HasSubstr("there is a worker 'a' already"));
  muster.ready(0);
  EXPECT_THAT(why_refused(muster, "a"), HasSubstr("there is a worker 'a' already"));
  EXPECT_EQ(muster.present(), 1u);
}

TEST(Muster, IsReadyOnlyOnceEverybodyIs) {
  Muster muster(2);
  EXPECT_FALSE(muster.all_ready());
  muster.join("a").value();
  muster.ready(0);
  EXPECT_FALSE(muster.all_ready()) << "a place is free";
  muster.join("b").value();
  EXPECT_FALSE(muster.all_ready()) << "b is not ready";
  muster.ready(1);
  EXPECT_TRUE(muster.all_ready());
  EXPECT_TRUE(muster.all_present());
  EXPECT_EQ(muster.phase(), Phase::gathering);
}

TEST(Muster, FreesThePlaceOfAWorkerThatIsLostBeforeTheStart) {
  Muster muster = ready_muster(3);
  muster.lose(1, "it closed the connection");
  EXPECT_THAT(states_of(muster), ElementsAre(State::ready, State::absent, State::ready));
  EXPECT_FALSE(muster.all_ready());
  EXPECT_FALSE(muster.all_present());
  EXPECT_FALSE(muster.broken()) << "nothing is lost that others can't do";
  EXPECT_EQ(muster.join("another").value(), 1u);
  EXPECT_EQ(muster.places()[1].state, State::present) << "who comes is not ready because another was";
  EXPECT_EQ(muster.places()[1].lost_because, "");
  EXPECT_FALSE(muster.all_ready());
}

TEST(Muster, TakesBackAWorkerThatComesAgainBeforeTheStart) {
  Muster muster = ready_muster(2);
  muster.lose(0, "it closed the connection");
  EXPECT_EQ(muster.join("w1").value(), 0u);
  muster.ready(0);
  EXPECT_TRUE(muster.all_ready());
}

TEST(Muster, RunsFromTheStartUntilEachPlaceIsDone) {
  Muster muster = running_muster(2);
  EXPECT_EQ(muster.phase(), Phase::running);
  EXPECT_THAT(states_of(muster), ElementsAre(State::running, State::running));
  EXPECT_FALSE(muster.all_ready()) << "that was before";
  muster.done(1);
  EXPECT_EQ(muster.phase(), Phase::running);
  muster.done(0);
  EXPECT_EQ(muster.phase(), Phase::over);
  EXPECT_FALSE(muster.broken());
}

TEST(Muster, IsBrokenByWhomeverItLosesAfterTheStart) {
  Muster muster = running_muster(2);
  muster.lose(0, "nothing was heard of it for 10 s");
  EXPECT_TRUE(muster.broken());
  EXPECT_EQ(muster.phase(), Phase::running) << "the others have not told what they have";
  EXPECT_THAT(states_of(muster), ElementsAre(State::lost, State::running));
  EXPECT_EQ(muster.places()[0].name, "w1");
  EXPECT_EQ(muster.places()[0].lost_because, "nothing was heard of it for 10 s");
  muster.done(1);
  EXPECT_EQ(muster.phase(), Phase::over);
  EXPECT_TRUE(muster.broken());
}

TEST(Muster, IsOverOnceAllAreLost) {
  Muster muster = running_muster(2);
  muster.lose(1, "x");
  muster.lose(0, "y");
  EXPECT_EQ(muster.phase(), Phase::over);
}

TEST(Muster, KeepsWhyAWorkerWasLostFirst) {
  Muster muster = running_muster(1);
  muster.lose(0, "the start reached it late");
  muster.lose(0, "it closed the connection");
  EXPECT_EQ(muster.places()[0].lost_because, "the start reached it late");
}

TEST(Muster, LosesNothingByAWorkerThatLeavesWhenItIsDone) {
  Muster muster = running_muster(2);
  muster.done(0);
  muster.lose(0, "it closed the connection");
  EXPECT_FALSE(muster.broken());
  EXPECT_EQ(muster.places()[0].state, State::done);
  EXPECT_TRUE(muster.places()[0].gone);
  muster.done(1);
  EXPECT_EQ(muster.phase(), Phase::over);
  EXPECT_FALSE(muster.broken());
}

TEST(Muster, TakesNobodyInOnceTheRunHasBegun) {
  Muster muster = running_muster(2);
  EXPECT_EQ(why_refused(muster, "new"), "the run has begun, and takes no more workers");
  muster.lose(0, "it closed the connection");
  EXPECT_EQ(why_refused(muster, "new"), "the run has begun, and takes no more workers") << "its place is not free";
  EXPECT_EQ(why_refused(muster, "w1"), "the run has begun, and 'w1' was in it: nobody can come back");
  muster.done(1);
  EXPECT_THAT(why_refused(muster, "w1"), HasSubstr("nobody can come back")) << "nor when it is over";
  EXPECT_THAT(states_of(muster), ElementsAre(State::lost, State::done));
}

TEST(Muster, GathersThoseWhoStayedForAnotherRunInTheirPlaces) {
  Muster muster = running_muster(4);
  muster.lose(0, "it closed the connection");
  muster.done(1);
  muster.done(2);
  muster.lose(2, "it closed the connection");
  muster.done(3);
  ASSERT_EQ(muster.phase(), Phase::over);
  muster.gather_again();
  EXPECT_EQ(muster.phase(), Phase::gathering);
  EXPECT_THAT(states_of(muster), ElementsAre(State::absent, State::present, State::absent, State::present));
  EXPECT_FALSE(muster.broken());
  EXPECT_FALSE(muster.all_ready()) << "they have to get ready again";
  EXPECT_THAT(why_refused(muster, "w2"), HasSubstr("there is a worker 'w2' already"));
  EXPECT_EQ(muster.join("w1").value(), 0u) << "it may come back for this run";
  EXPECT_EQ(muster.join("new").value(), 2u);
  EXPECT_TRUE(muster.all_present());
}

TEST(Muster, ForgetsWhoWasGoneWhenItGathersAgain) {
  Muster muster = running_muster(1);
  muster.done(0);
  muster.lose(0, "it closed the connection");
  muster.gather_again();
  muster.join("w1").value();
  muster.ready(0);
  muster.start();
  muster.done(0);
  muster.gather_again();
  EXPECT_THAT(states_of(muster), ElementsAre(State::present));
}

}  // namespace
}  // namespace waitlab::client::fleet
