#include "client/fleet/fleet_result.hpp"

#include "client/engine/load_plan.hpp"
#include "tests/unit/client/fleet/parts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(FleetResult, AddsUpWhatTheWorkersCounted) {
  const LoadOptions load = open_load();
  LoadRecord with_errors = record_of(300, 5ms);
  with_errors.begin();
  with_errors.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, 503);
  with_errors.begin();
  with_errors.time_out(ErrorKind::timeout, {.intended = 0s, .sent = 1ms, .ended = 2s}, 2s);
  const LoadResult whole = result_of(
      run_of(load, {worker("w1", part_of(load, 2, with_errors)), worker("w2", part_of(load, 2, record_of(500, 9ms)))}));
  EXPECT_THAT(whole.invalid_because, IsEmpty());
  const LoadRecord& record = whole.record;
  EXPECT_EQ(record.requests.sent, 802u);
  EXPECT_EQ(record.requests.completed, 801u);
  EXPECT_EQ(record.requests.timed_out, 1u);
  EXPECT_EQ(record.statuses.at(200), 800u);
  EXPECT_EQ(record.error(ErrorKind::status_5xx).count, 1u);
  EXPECT_EQ(record.completed_in_window, 800u);
  EXPECT_EQ(record.connections, 6u);
  EXPECT_EQ(record.bytes_in, 2000u);
  EXPECT_EQ(whole.threads, 4u);
  EXPECT_EQ(whole.connections, 4096u);
  EXPECT_EQ(whole.window, 10s);
  EXPECT_DOUBLE_EQ(whole.achieved_rate(), 80);
}

TEST(FleetResult, HasTheHistogramsOfOneClientThatSawAll) {
  const LoadOptions load = open_load();
  const std::vector<LoadRecord> parts{record_of(300, 5ms, 1ms), record_of(200, 700ms, 2ms), record_of(1, 1900ms)};
  LoadRecord all;
  std::vector<WorkerPart> workers;
  for (const LoadRecord& part : parts) {
    all.merge(part);
    workers.push_back(worker("w", part_of(load, 3, part)));
  }
  const LoadRecord whole = result_of(run_of(load, workers)).record;
  EXPECT_EQ(whole.response_time.values.encode(), all.response_time.values.encode());
  EXPECT_EQ(whole.service_time.values.encode(), all.service_time.values.encode());
  EXPECT_EQ(whole.schedule_lag.encode(), all.schedule_lag.encode());
  EXPECT_EQ(whole.response_time.values.count(), 501u);
  EXPECT_GE(whole.response_time.values.max(), 1900ms);
}

TEST(FleetResult, SaysWhatWasAskedForOfTheWhole) {
  const LoadOptions load = open_load();
  for (const unsigned workers : {1u, 2u, 6u, 7u}) {
    const std::vector<WorkerPart> parts(workers, worker("w", part_of(load, workers, record_of(10, 5ms))));
    const LoadResult whole = result_of(run_of(load, parts));
    EXPECT_EQ(whole.offered_rate, 100) << "exactly, though " << workers << " shares of it may not add up to it";
    EXPECT_EQ(whole.seed, 42u);
    EXPECT_EQ(whole.command, "waitlab-client collector --workers 2");
    EXPECT_EQ(whole.arrivals, "constant");
  }
}

TEST(FleetResult, HasTheStepsOfTheWhole) {
  const LoadOptions load = stepped_load();
  for (const unsigned workers : {1u, 2u, 6u, 7u}) {
    const std::vector<WorkerPart> parts(workers, worker("w", part_of(load, workers, record_of(10, 5ms))));
    const LoadResult whole = result_of(run_of(load, parts));
    ASSERT_EQ(whole.steps.size(), 2u);
    for (std::size_t step = 0; step < 2; ++step) {
      EXPECT_EQ(whole.steps[step].from_rate, load.steps[step].from) << workers << " workers";
      EXPECT_EQ(whole.steps[step].to_rate, load.steps[step].to) << workers << " workers";
      EXPECT_EQ(whole.steps[step].begin, step * 5s);
      EXPECT_EQ(whole.steps[step].window, 5s);
      EXPECT_EQ(whole.steps[step].record.requests.sent, 10 * workers);
    }
    EXPECT_EQ(whole.offered_rate, 150);
    EXPECT_EQ(whole.record.requests.sent, 20 * workers);
  }
}

TEST(FleetResult, SaysWhatStepsWereAskedForThoughAWorkerIsLost) {
  const LoadOptions load = stepped_load();
  const LoadResult whole =
      result_of(run_of(load, {worker("w1", part_of(load, 2, record_of(10, 5ms))), lost_worker("w2")}));
  ASSERT_EQ(whole.steps.size(), 2u);
  EXPECT_EQ(whole.steps[1].from_rate, 100);
  EXPECT_EQ(whole.steps[1].to_rate, 300);
  EXPECT_EQ(whole.offered_rate, 150);
}

/// The sends of shard `index` of so many of one thread: those of the whole are evenly spaced.
ArrivalTally even_sends(LoadOptions load, unsigned index, unsigned shards) {
  load.shard = {index, shards};
  ArrivalTally tally = make_tally(load).value();
  for (int n = static_cast<int>(index); n < 1000; n += static_cast<int>(shards))
    tally.sent(n);
  return tally;
}

TEST(FleetResult, JudgesTheArrivalsOfTheWhole) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(
      load, {worker("w1", part_of(load, 2, record_of(500, 5ms))), worker("w2", part_of(load, 2, record_of(500, 5ms)))});
  run.arrivals = even_sends(load, 0, 2);
  run.arrivals->merge(even_sends(load, 1, 2));
  const LoadResult whole = result_of(run);
  ASSERT_TRUE(whole.arrival_fit);
  const ArrivalFit alone = even_sends(load, 0, 1).fit(1e9 / 100);
  EXPECT_EQ(whole.arrival_fit->sends, 1000u);
  EXPECT_TRUE(whole.arrival_fit->fits);
  EXPECT_EQ(whole.arrival_fit->dispersion, alone.dispersion) << "as one client's";
  EXPECT_TRUE(whole.valid());
}

TEST(FleetResult, IsNotValidIfItsArrivalsDoNotFit) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(load, {worker("w1", part_of(load, 1, record_of(500, 5ms)))});
  run.arrivals = make_tally(load);
  for (int n = 0; n < 1000; ++n)
    run.arrivals->sent(n / 100 * 100);
  EXPECT_THAT(result_of(run).invalid_because, ElementsAre(HasSubstr("the sends are more bunched than constant")));
}

TEST(FleetResult, SaysNothingOfArrivalsThatAreNotAllKnown) {
  const LoadOptions load = open_load();
  EXPECT_FALSE(result_of(run_of(load, {worker("w1", part_of(load, 2, record_of(5, 5ms)))})).arrival_fit);
}

TEST(FleetResult, OfAClosedLoopHasNoOfferedRate) {
  LoadOptions load = open_load();
  load.rate.reset();
  load.connections = 20;
  const LoadResult whole = result_of(run_of(
      load, {worker("w1", part_of(load, 2, record_of(5, 5ms))), worker("w2", part_of(load, 2, record_of(5, 5ms)))}));
  EXPECT_THAT(whole.invalid_because, IsEmpty());
  EXPECT_FALSE(whole.offered_rate);
  EXPECT_FALSE(whole.arrival_fit);
  EXPECT_EQ(whole.arrivals, "");
  EXPECT_EQ(whole.connections, 20u);
}

/// A course of two steps of 5 s with a request in each slice: 20 of 20 ms, 20 of 40 ms, and so on.
RunCourse course_of(const LoadOptions& load) {
  RunCourse course(make_timeline(load, Clock::time_point(100s)));
  for (std::uint64_t index = 0; index < 100; ++index) {
    Slice slice;
    slice.step = index / 50;
    slice.index = index;
    slice.ended = 1;
    slice.response_time.record(index / 20 % 2 == 0 ? 20ms : 40ms);
    slice.service_time.record(20ms);
    course.add(slice);
  }
  return course;
}

TEST(FleetResult, HasTheCourseOfTheWhole) {
  const LoadOptions load = stepped_load();
  const RunCourse course = course_of(load);
  FleetRun run = run_of(load, {worker("w1", part_of(load, 1, record_of(50, 20ms)))});
  run.course = &course;
  const LoadResult whole = result_of(run);
  EXPECT_EQ(whole.timeline, course.timeline());
  EXPECT_EQ(whole.timeline.stretches.size(), 100u);
  LoadRecord judged = run.workers[0].result->record;
  course.judge_samples(judged);
  EXPECT_GT(judged.response_time.effective_samples[0], 0);
  EXPECT_EQ(whole.record.response_time.effective_samples, judged.response_time.effective_samples);
  LoadRecord step = run.workers[0].result->steps[1].record;
  course.judge_samples(step, 1);
  EXPECT_EQ(whole.steps[1].record.response_time.effective_samples, step.response_time.effective_samples);
}

TEST(FleetResult, KeepsThePartOfEachWorkerAndHowTheyWereGathered) {
  const LoadOptions load = open_load();
  FleetRun run = run_of(load, {worker("w1", part_of(load, 2, record_of(5, 5ms))), lost_worker("w2")});
  run.gathering.refused = {{"wrong token", 3}};
  const LoadResult whole = result_of(run);
  ASSERT_EQ(whole.workers.size(), 2u);
  EXPECT_EQ(whole.workers[0].name, "w1");
  EXPECT_EQ(whole.workers[0].result->record.requests.sent, 5u);
  EXPECT_EQ(whole.workers[1].name, "w2");
  EXPECT_EQ(whole.workers[1].sent, 1234u);
  EXPECT_FALSE(whole.workers[1].result);
  ASSERT_TRUE(whole.gathering);
  EXPECT_EQ(whole.gathering->workers, 2u);
  EXPECT_EQ(whole.gathering->refused.at("wrong token"), 3u);
}

}  // namespace
}  // namespace waitlab::client::fleet
