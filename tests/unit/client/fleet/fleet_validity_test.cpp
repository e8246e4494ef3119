#include "client/fleet/fleet_result.hpp"
#include "client/judge/notes.hpp"
#include "tests/unit/client/fleet/parts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr auto run_was_cut = "the run was interrupted before its end";

LoadResult good_part(const LoadOptions& load) {
  return part_of(load, 2, record_of(500, 5ms));
}

/// A part whose second half nothing of what was due came back in, as where it was stopped before.
LoadResult cut_in_its_first_half(const LoadOptions& load) {
  LoadResult part = cut(good_part(load));
  part.record.second_half = {.due = 250, .completed = 0};
  return part;
}

TEST(FleetResultValidity, IsGoodIfAllPartsAre) {
  const LoadOptions load = open_load();
  const LoadResult whole = result_of(run_of(load, {worker("w1", good_part(load)), worker("w2", good_part(load))}));
  EXPECT_TRUE(whole.valid()) << whole.invalid_because.front();
  EXPECT_FALSE(whole.interrupted);
  EXPECT_FALSE(whole.aborted);
}

TEST(FleetResultValidity, NamesTheWorkerThatWasLostAndWhatItHadSent) {
  const LoadOptions load = open_load();
  const LoadResult whole =
      result_of(run_of(load, {worker("w1", good_part(load)), lost_worker("w2"), worker("w3", good_part(load))}));
  EXPECT_THAT(whole.invalid_because,
              ElementsAre(AllOf(StartsWith("worker w2 was lost: nothing was heard of it for 10.0 s. "),
                                HasSubstr("It had sent 1,234 requests, of which 1,204 had ended"),
                                HasSubstr("a share of 1 in 3 of the load is missing"))));
  EXPECT_EQ(whole.record.requests.sent, 1000u) << "what is known stays";
}

TEST(FleetResultValidity, SaysWhereWhatALostWorkerToldStillCounts) {
  const LoadOptions load = open_load();
  RunCourse course(make_timeline(load, Clock::time_point(100s)));
  Slice told_before;
  told_before.ended = 7;
  course.add(told_before);
  FleetRun run = run_of(load, {worker("w1", good_part(load)), lost_worker("w2")});
  run.course = &course;
  const LoadResult whole = result_of(run);
  EXPECT_EQ(whole.timeline.stretches.at(0).ended, 7u);
  EXPECT_THAT(whole.invalid_because, ElementsAre(HasSubstr("what they were is in no figure but the timeline")));
}

TEST(FleetResultValidity, NamesEachWorkerThatWasLost) {
  const LoadOptions load = open_load();
  const LoadResult whole =
      result_of(run_of(load, {lost_worker("w1"), worker("w2", good_part(load)), lost_worker("w3")}));
  EXPECT_THAT(whole.invalid_because, ElementsAre(StartsWith("worker w1 was lost"), StartsWith("worker w3 was lost")));
}

TEST(FleetResultValidity, DoesNotBlameTheWorkersThatWereStoppedAsAnotherWasLost) {
  const LoadOptions load = open_load();
  const LoadResult whole = result_of(run_of(load, {worker("w1", cut(good_part(load))), lost_worker("w2")}));
  EXPECT_THAT(whole.invalid_because, ElementsAre(StartsWith("worker w2 was lost")));
}

TEST(FleetResultValidity, DoesNotBlameTheServerForARunThatALostWorkerCut) {
  const LoadOptions load = open_load();
  const LoadResult whole = result_of(run_of(load, {worker("w1", cut_in_its_first_half(load)), lost_worker("w2")}));
  EXPECT_TRUE(whole.interrupted) << "it ended before its end";
  for (const std::string& note : notes_on(whole))
    EXPECT_THAT(note, Not(HasSubstr("the server fell behind")));
}

TEST(FleetResultValidity, KnowsNothingOfARunWhoseWorkersAreAllLost) {
  for (const LoadOptions& load : {open_load(), stepped_load()}) {
    const RunCourse course(make_timeline(load, Clock::time_point(100s)));
    FleetRun run = run_of(load, {lost_worker("w1"), lost_worker("w2")});
    run.course = &course;
    const LoadResult whole = result_of(run);
    EXPECT_THAT(whole.invalid_because, ElementsAre(StartsWith("worker w1 was lost"), StartsWith("worker w2 was lost"),
                                                   "no request completed"));
    EXPECT_EQ(whole.record.requests.sent, 0u);
    EXPECT_EQ(whole.url, load.url);
    EXPECT_EQ(whole.method, "GET");
    EXPECT_EQ(whole.connections, 4096u);
    EXPECT_EQ(whole.arrivals, "constant");
    EXPECT_EQ(whole.timeout, load.timeout);
    EXPECT_NE(whole.started_at, "");
    EXPECT_NE(whole.machine.kernel, "");
    EXPECT_EQ(whole.workers.size(), 2u);
  }
}

TEST(FleetResultValidity, SaysOnlyWhyARunDidNotBegin) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(load, {WorkerPart{.name = "w1", .address = "10.0.0.1:5000"}});
  run.not_begun = "no load was sent: 1 of 2 workers came within 60 s (--gather): w1";
  run.gathering.workers = 2;
  const LoadResult whole = result_of(run);
  EXPECT_THAT(whole.invalid_because, ElementsAre(run.not_begun));
  EXPECT_EQ(whole.record.requests.sent, 0u);
  EXPECT_EQ(whole.window, 0s);
  EXPECT_EQ(whole.offered_rate, 100) << "that was asked for";
  EXPECT_TRUE(whole.timeline.empty());
  ASSERT_EQ(whole.workers.size(), 1u);
  EXPECT_EQ(whole.workers[0].name, "w1");
  EXPECT_EQ(whole.gathering->workers, 2u);
}

TEST(FleetResultValidity, TellsOnceThatTheCollectorInterruptedAll) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(load, {worker("w1", cut(good_part(load))), worker("w2", cut(good_part(load)))});
  run.interrupted = true;
  const LoadResult whole = result_of(run);
  EXPECT_TRUE(whole.interrupted);
  EXPECT_THAT(whole.invalid_because, ElementsAre(run_was_cut));
  EXPECT_EQ(whole.record.requests.unfinished, 2u);
  EXPECT_TRUE(whole.workers[0].result->interrupted) << "each part is as the worker told it";
}

TEST(FleetResultValidity, IsNotHarmedByAThresholdThatEndedItEarly) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(load, {worker("w1", cut_in_its_first_half(load)), worker("w2", cut_in_its_first_half(load))});
  run.aborted = true;
  const LoadResult whole = result_of(run);
  EXPECT_TRUE(whole.aborted);
  EXPECT_FALSE(whole.interrupted);
  EXPECT_THAT(whole.invalid_because, IsEmpty());
}

TEST(FleetResultValidity, NamesTheWorkerThatEndedItsPartByItself) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(load, {worker("w1", cut_in_its_first_half(load)), worker("w2", cut_in_its_first_half(load))});
  run.ended_early_by = "w2";
  const LoadResult whole = result_of(run);
  EXPECT_THAT(whole.invalid_because, ElementsAre("worker w2 was told to end its part before its time"))
      << "w1 was stopped for it";
  EXPECT_TRUE(whole.interrupted);
}

TEST(FleetResultValidity, SaysOfAPartThatItIsNotValidThoughItIsTooSmallToShowInTheWhole) {
  const LoadOptions load = open_load();
  const LoadResult late = part_of(load, 2, record_of(4, 60ms, 50ms));
  const LoadResult whole = result_of(run_of(load, {worker("w1", good_part(load)), worker("w2", late)}));
  EXPECT_LT(whole.record.schedule_lag.value_at(0.99), 10ms);
  EXPECT_THAT(whole.invalid_because, ElementsAre(StartsWith("worker w2: the client itself was late")));
}

TEST(FleetResultValidity, SaysOfTheWholeWhatIsWrongWithIt) {
  const LoadOptions load = open_load();
  const LoadResult late = part_of(load, 2, record_of(400, 60ms, 50ms));
  const LoadResult whole = result_of(run_of(load, {worker("w1", late), worker("w2", late)}));
  EXPECT_THAT(whole.invalid_because,
              ElementsAre(StartsWith("the client itself was late"), StartsWith("worker w1: the client itself was late"),
                          StartsWith("worker w2: the client itself was late")));
}

TEST(FleetResultValidity, SaysMoreOfAPartThanThatItWasStopped) {
  const LoadOptions load = open_load();
  FleetRun run =
      run_of(load, {worker("w1", cut(part_of(load, 2, record_of(4, 60ms, 50ms)))), worker("w2", cut(good_part(load)))});
  run.interrupted = true;
  EXPECT_THAT(result_of(run).invalid_because,
              ElementsAre(run_was_cut, StartsWith("worker w1: the client itself was late")));
}

}  // namespace
}  // namespace waitlab::client::fleet
