#include "client/report/verdict.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace waitlab::client {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Medians = std::map<Metric, double>;

/// A target that answers all of `rate`, with modest costs.
Medians keeps_up(double rate, double p99 = 233) {
  return {{Metric::arrived, rate}, {Metric::achieved, rate}, {Metric::errors, 0}, {Metric::p50, 35},
          {Metric::p99, p99},      {Metric::cpu, 90},        {Metric::memory, 7}, {Metric::threads, 3},
          {Metric::switches, 2},   {Metric::queued, 0},      {Metric::hold, 50.1}};
}

Medians with(Medians medians, const Medians& changes) {
  for (const auto& [metric, value] : changes)
    medians[metric] = value;
  return medians;
}

const Medians overloaded{{Metric::achieved, 318}, {Metric::p50, 900}, {Metric::p99, 1900}, {Metric::queued, 205}};
const Medians of_threads{{Metric::cpu, 189}, {Metric::memory, 21}, {Metric::threads, 41}, {Metric::switches, 6}};

class DemoVerdict : public testing::Test {
 protected:
  DemoVerdict() : result_(result_of({"thread-per-request", "fixed-pool-16", "event-loop"}, {160, 400})) {
    result_.targets[1].threads = 16;
    comparison_ = {
        {{.value = 160}, {cell_of(0, keeps_up(160)), cell_of(1, keeps_up(160, 236)), cell_of(2, keeps_up(160, 231))}},
        {{.value = 400},
         {cell_of(0, with(keeps_up(400), of_threads)), cell_of(1, with(keeps_up(400), overloaded)),
          cell_of(2, keeps_up(400))}}};
  }

  Verdict verdict() const { return judge_experiment(result_, comparison_); }

  ExperimentResult result_;
  Comparison comparison_;
};

TEST_F(DemoVerdict, SaysThatNobodyCanTellThemApartAtTheLowestRate) {
  EXPECT_THAT(verdict().findings[0],
              AllOf(HasSubstr("At 160/s: nobody can tell thread-per-request, fixed-pool-16 and event-loop apart"),
                    HasSubstr("between 231 ms and 236 ms")));
}

TEST_F(DemoVerdict, ComputesWhyThePoolFellBehind) {
  EXPECT_THAT(
      verdict().findings[1],
      AllOf(HasSubstr("fixed-pool-16 has 16 threads and holds averaging 50.1 ms, so it can finish about 319/s: "
                      "81/s more came in than could leave, its queue grew to at least 205 and its p99 reached 1.90 s, "
                      "8.2 (7.5–8.9) times"),
            HasSubstr("233 ms")));
}

TEST_F(DemoVerdict, ComparesWhatKeepingUpCost) {
  EXPECT_THAT(verdict().findings[1],
              HasSubstr("thread-per-request took 2.1 (1.9–2.3) times event-loop's CPU per request, 3.0 (2.8–3.3) "
                        "times its memory, 3.0 (2.8–3.3) times its context switches and 14 (13–15) times its threads "
                        "(41 against 3)."));
}

TEST_F(DemoVerdict, HeadsWithTheWhole) {
  EXPECT_EQ(verdict().headline,
            "Up to 160/s nobody can tell them apart by response time; fixed-pool-16 fell behind at 400/s with 8.2 "
            "(7.5–8.9) times thread-per-request's p99; thread-per-request and event-loop kept up throughout, and at "
            "400/s thread-per-request took 2.1 (1.9–2.3) times event-loop's CPU per request.");
  EXPECT_EQ(verdict().uncertainty,
            "In brackets: 95 % intervals over 3 repeats. What they leave open is not called a difference.");
}

TEST_F(DemoVerdict, FollowsTheFiguresWhenTheySayTheOpposite) {
  std::swap(comparison_[1].cells[1].figures, comparison_[1].cells[2].figures);
  EXPECT_THAT(verdict().headline, AllOf(HasSubstr("; event-loop fell behind at 400/s with "),
                                        HasSubstr("; thread-per-request and fixed-pool-16 kept up throughout")));
  EXPECT_THAT(verdict().findings[1], AllOf(HasSubstr("event-loop answered only 318/s of the 400/s that came in"),
                                           Not(HasSubstr("threads and holds"))));
}

TEST_F(DemoVerdict, DoesNotBlameThreadsThatWouldSuffice) {
  result_.targets[1].threads = 64;
  EXPECT_THAT(verdict().findings[1], HasSubstr("fixed-pool-16 answered only 318/s of the 400/s that came in"));
}

TEST_F(DemoVerdict, CountsErrorsAsNotAnswered) {
  comparison_[1].cells[2] = cell_of(2, with(keeps_up(400), {{Metric::errors, 20}}));
  EXPECT_THAT(verdict().findings[1], AllOf(HasSubstr("event-loop answered only 320/s of the 400/s"),
                                           HasSubstr("20 % of its requests went wrong")));
}

TEST_F(DemoVerdict, SaysMoreThanWhereTimedOutRequestsHideTheRest) {
  comparison_[1].cells[1][Metric::p99]->at_least = true;
  EXPECT_THAT(verdict().findings[1], HasSubstr("its p99 reached more than 1.90 s, at least 8.2 times thread"));
}

TEST_F(DemoVerdict, NamesWhatCouldNotBeJudged) {
  comparison_[1].cells[1] = Cell{.target = 1, .runs = 0, .valid = true, .troubles = {"it died"}, .figures = {}};
  comparison_[1].cells[0].valid = false;
  comparison_[1].cells[0].troubles = {"the client was late"};
  EXPECT_THAT(verdict().findings,
              ElementsAre(testing::_, HasSubstr("At 400/s: event-loop kept up with a p99 of 233 ms"),
                          "Not judged: thread-per-request at 400/s (the client was late).",
                          "Not judged: fixed-pool-16 at 400/s (it died)."));
}

TEST(Verdict, ClaimsNoDifferenceWithinTheSpreadOfRepeats) {
  const ExperimentResult result = result_of({"a", "b"}, {100});
  const Medians other = with(keeps_up(100, 300), {{Metric::cpu, 120}, {Metric::p50, 45}, {Metric::memory, 9}});
  const Comparison comparison{{{.value = 100}, {cell_of(0, keeps_up(100), 0.4), cell_of(1, other, 0.4)}}};
  const Verdict verdict = judge_experiment(result, comparison);
  EXPECT_EQ(verdict.headline, "No difference in response time shown at 100/s.");
  EXPECT_FALSE(verdict.uncertainty.empty());
  EXPECT_THAT(verdict.findings[0], AllOf(HasSubstr("nobody can tell a and b apart"),
                                         HasSubstr("What they cost differs no more than the repeats do.")));
}

TEST(Verdict, TellsWhoIsSlowerThoughAllKeepUp) {
  const ExperimentResult result = result_of({"a", "b"}, {100});
  const Medians slow = with(keeps_up(100, 466), {{Metric::queued, 12}});
  const Verdict verdict = judge_experiment(result, {{{.value = 100}, {cell_of(0, keeps_up(100)), cell_of(1, slow)}}});
  EXPECT_EQ(verdict.headline, "All kept up, but b was slower at 100/s with 2.0 (1.8–2.2) times a's p99.");
  EXPECT_THAT(
      verdict.findings[0],
      HasSubstr(
          "b kept up, but its p99 was 466 ms, 2.0 (1.8–2.2) times a's 233 ms, with at least 12 requests queued in it; "
          "a"));
}

TEST(Verdict, TellsASlowerMedianToo) {
  const Comparison comparison{
      {{.value = 100}, {cell_of(0, keeps_up(100)), cell_of(1, with(keeps_up(100), {{Metric::p50, 70}}))}}};
  EXPECT_THAT(judge_experiment(result_of({"a", "b"}, {100}), comparison).findings[0],
              HasSubstr("b kept up, but its p50 was 70 ms, 2.0 (1.8–2.2) times a's 35 ms; a kept up"));
}

TEST(Verdict, SaysWhenNobodyKeptUp) {
  const Comparison comparison{
      {{.value = 400}, {cell_of(0, with(keeps_up(400), overloaded)), cell_of(1, with(keeps_up(400), overloaded))}}};
  const Verdict verdict = judge_experiment(result_of({"a", "b"}, {400}), comparison);
  EXPECT_THAT(verdict.headline, HasSubstr("nobody kept up throughout"));
  EXPECT_THAT(verdict.findings[0], HasSubstr("; nobody kept up."));
}

TEST(Verdict, SaysWhoGotTheMostDoneWhereNobodyKeptUp) {
  const Medians swamped = with(overloaded, {{Metric::achieved, 100}});
  const Comparison comparison{
      {{.value = 400}, {cell_of(0, with(keeps_up(400), overloaded)), cell_of(1, with(keeps_up(400), swamped))}}};
  EXPECT_THAT(
      judge_experiment(result_of({"a", "b"}, {400}), comparison).headline,
      HasSubstr("; nobody kept up throughout; at 400/s a still answered 318/s well, and b no more than 100/s."));
}

TEST(Verdict, CallsNobodyAbleToKeepUpThroughoutWhoseRunsCannotTell) {
  Cell invalid = cell_of(1, keeps_up(400));
  invalid.valid = false;
  const Comparison comparison{{{.value = 100}, {cell_of(0, keeps_up(100)), cell_of(1, keeps_up(100))}},
                              {{.value = 400}, {cell_of(0, with(keeps_up(400), overloaded)), invalid}}};
  EXPECT_THAT(judge_experiment(result_of({"a", "b"}, {100, 400}), comparison).headline,
              testing::EndsWith("a fell behind at 400/s."));
}

TEST(Verdict, OneTargetIsToldAndNotCompared) {
  const Verdict verdict = judge_experiment(result_of({"a"}, {100}), {{{.value = 100}, {cell_of(0, keeps_up(100))}}});
  EXPECT_THAT(verdict.findings, ElementsAre("At 100/s: a kept up with a p99 of 233 ms."));
  EXPECT_EQ(verdict.headline, "a kept up at 100/s.");
}

TEST(Verdict, LeavesAnUnknownP99Out) {
  Medians few = keeps_up(100);
  few.erase(Metric::p99);
  const Verdict verdict = judge_experiment(result_of({"a"}, {100}), {{{.value = 100}, {cell_of(0, few)}}});
  EXPECT_THAT(verdict.findings, ElementsAre("At 100/s: a kept up."));
}

TEST(Verdict, TellsEqualTimesAsEqualAndTheThreadsTheyTook) {
  const Comparison comparison{
      {{.value = 100},
       {cell_of(0, with(keeps_up(100, 225), {{Metric::threads, 32}})), cell_of(1, keeps_up(100, 225.1))}}};
  const Verdict verdict = judge_experiment(result_of({"a", "b"}, {100}), comparison);
  EXPECT_THAT(verdict.findings, ElementsAre("At 100/s: nobody can tell a and b apart by response time: both have a p99 "
                                            "of 225 ms. a took 11 (10–12) times b's threads (32 against 3)."));
  EXPECT_EQ(verdict.headline,
            "No difference in response time shown at 100/s, and at 100/s a took 11 (10–12) times b's threads.");
}

TEST(Verdict, SaysNothingWithoutAValidRun) {
  const Comparison comparison{
      {{.value = 100}, {Cell{.target = 0, .runs = 0, .valid = true, .troubles = {"no server"}, .figures = {}}}}};
  const Verdict verdict = judge_experiment(result_of({"a"}, {100}), comparison);
  EXPECT_EQ(verdict.headline, "Nothing can be said: no valid run was made.");
  EXPECT_EQ(verdict.uncertainty, "");
  EXPECT_THAT(verdict.findings, ElementsAre("Not judged: a at 100/s (no server)."));
}

TEST(Verdict, SaysThatChanceIsUnknownWithoutRepeats) {
  ExperimentResult result = result_of({"a", "b"}, {100});
  result.repeats = 1;
  Comparison comparison{{{.value = 100}, {cell_of(0, keeps_up(100)), cell_of(1, keeps_up(100, 699))}}};
  for (Cell& cell : comparison[0].cells) {
    cell.runs = 1;
    for (auto& figure : cell.figures) {
      if (figure) figure = spread_of({figure->median});
    }
  }
  const Verdict verdict = judge_experiment(result, comparison);
  EXPECT_EQ(verdict.headline, "All kept up, but b was slower at 100/s with 3.0 times a's p99.");
  EXPECT_EQ(verdict.uncertainty, "Each run was made once, so how much of a difference is chance is not known.");
}

/// The cell with the figures of these repeats alone.
Cell only(Cell cell, const std::set<unsigned>& repeats) {
  cell.runs = static_cast<unsigned>(repeats.size());
  for (auto& figure : cell.figures) {
    if (!figure) continue;
    std::erase_if(figure->by_repeat, [&](const auto& one) { return !repeats.contains(one.first); });
    figure = spread_of(figure->by_repeat);
  }
  return cell;
}

std::string uncertainty_of(const std::vector<Cell>& cells) {
  const std::vector<std::string> names{"a", "b", "c"};
  const ExperimentResult result = result_of({names.begin(), names.begin() + std::ssize(cells)}, {100});
  return judge_experiment(result, {{{.value = 100}, cells}}).uncertainty;
}

TEST(Verdict, CountsTheRepeatsThatTargetsShare) {
  const Cell a = cell_of(0, keeps_up(100));
  const Cell b = cell_of(1, keeps_up(100));
  const Cell c = cell_of(2, keeps_up(100));
  EXPECT_THAT(uncertainty_of({a, only(b, {0, 2}), c}), StartsWith("In brackets: 95 % intervals over 2 to 3 repeats."));
  EXPECT_EQ(
      uncertainty_of({a, only(b, {1}), c}),
      "In brackets: 95 % intervals over 3 repeats. What they leave open is not called a difference. Of targets that "
      "share only one valid repeat it takes a ratio of 1.5, and how much of that is chance is not known.");
  EXPECT_EQ(uncertainty_of({a, only(b, {1})}),
            "No two targets share more than one valid repeat, so how much of a difference is chance is not known.");
  EXPECT_EQ(uncertainty_of({only(a, {0, 1}), only(b, {1, 2})}), uncertainty_of({a, only(b, {1})}));
  EXPECT_EQ(uncertainty_of({a}), "");
}

TEST(Verdict, TellsTheTargetsOfASweepAsOne) {
  ExperimentResult result = result_of({"pool-4", "pool-8", "pool-16", "pool-32", "loop"}, {400});
  for (std::size_t i = 0; i < 4; ++i) {
    result.targets[i].family = "pool";
    result.targets[i].sweep = {fmt::format("strategies.fixed-pool.threads={}", 4 << i)};
  }
  Comparison comparison{{{.value = 400}, {}}};
  for (std::size_t i = 0; i < 5; ++i)
    comparison[0].cells.push_back(cell_of(i, i < 3 ? with(keeps_up(400), overloaded) : keeps_up(400)));
  EXPECT_EQ(judge_experiment(result, comparison).headline,
            "pool with threads from 4 to 16 fell behind at 400/s; pool-32 and loop kept up throughout.");
  comparison[0].cells[3] = cell_of(3, with(keeps_up(400), {{Metric::achieved, 200}}));
  EXPECT_THAT(judge_experiment(result, comparison).findings[0],
              HasSubstr("At 400/s: pool with threads from 4 to 32 answered only 200/s to 318/s of the 400/s that came "
                        "in. loop kept up"));
}

TEST(Verdict, TellsOfManyThatPaidMoreOnlyWhoPaidTheMost) {
  const ExperimentResult result = result_of({"a", "b", "c", "d", "e"}, {100});
  Comparison comparison{{{.value = 100}, {}}};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto factor = static_cast<double>(i + 1);
    comparison[0].cells.push_back(cell_of(i, with(keeps_up(100), {{Metric::threads, 3 * factor}})));
  }
  EXPECT_THAT(judge_experiment(result, comparison).findings[0],
              HasSubstr("e took 5.0 (4.6–5.4) times a's threads (15 against 3), the most of all."));
}

}  // namespace
}  // namespace waitlab::client
