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

/// With figures as of 16 workers that are held for 50.1 ms.
Cell cell_of_16(std::size_t target, double rate, const Medians& medians) {
  Cell cell = cell_of(target, with(medians, {{Metric::utilisation, rate * 0.0501 / 16 * 100}}));
  cell.workers = 16;
  return cell;
}

const Medians overloaded{{Metric::achieved, 318}, {Metric::p50, 900}, {Metric::p99, 1900}, {Metric::queued, 205}};
const Medians of_threads{{Metric::cpu, 189}, {Metric::memory, 21}, {Metric::threads, 41}, {Metric::switches, 6}};

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

class DemoVerdict : public testing::Test {
 protected:
  DemoVerdict() : result_(result_of({"thread-per-request", "fixed-pool-16", "event-loop"}, {160, 400})) {
    comparison_ = {
        {{.value = 160}, {cell_of(0, keeps_up(160)), cell_of(1, keeps_up(160, 236)), cell_of(2, keeps_up(160, 231))}},
        {{.value = 400},
         {cell_of(0, with(keeps_up(400), of_threads)), cell_of_16(1, 400, with(keeps_up(400), overloaded)),
          cell_of(2, keeps_up(400))}}};
  }

  Verdict verdict() const { return judge_experiment(result_, comparison_); }

  ExperimentResult result_;
  Comparison comparison_;
};

TEST_F(DemoVerdict, ShowsNoDifferenceAtTheLowestRate) {
  EXPECT_THAT(verdict().findings[0],
              StartsWith("At 160/s: the response times of thread-per-request, fixed-pool-16 and event-loop do not "
                         "differ measurably: p99 from 231 ms to 236 ms, which may be due to chance."));
}

TEST_F(DemoVerdict, ComputesWhyThePoolFellBehind) {
  EXPECT_THAT(
      verdict().findings[1],
      HasSubstr(
          "fixed-pool-16 has 16 threads, each of which a request holds for 50.1 ms on average, so it can serve about "
          "319/s of the 400/s offered, its queue reached at least 205 and waits keep growing while the overload "
          "lasts."));
}

TEST_F(DemoVerdict, HoldsNoTimeOfAGrowingBacklogAgainstOthers) {
  EXPECT_THAT(verdict().findings[1], Not(HasSubstr("fixed-pool-16's p99")));
  EXPECT_THAT(verdict().findings[1], Not(HasSubstr("1.90 s")));
  EXPECT_THAT(verdict().headline, Not(HasSubstr("p99")));
}

TEST_F(DemoVerdict, ComparesTheTimesOfOneThatTurnsRequestsAway) {
  comparison_[1].cells[1] = cell_of(1, with(keeps_up(400), {{Metric::errors, 20}, {Metric::p99, 466}}));
  EXPECT_THAT(verdict().findings[1], HasSubstr("its error rate was 20 % and its p99 was 466 ms, 2.0 (1.8–2.2) times "
                                               "thread-per-request's 233 ms."));
}

TEST_F(DemoVerdict, ComparesWhatKeepingUpCost) {
  EXPECT_THAT(verdict().findings[1],
              HasSubstr("thread-per-request used 2.1 (1.9–2.3) times event-loop's CPU per request, 3.0 (2.8–3.3) "
                        "times its memory, 3.0 (2.8–3.3) times its context switches and 14 (13–15) times its threads "
                        "(41 vs 3)."));
}

TEST_F(DemoVerdict, HeadsWithTheWhole) {
  EXPECT_EQ(
      verdict().headline,
      "At 160/s the response times do not differ measurably; at 400/s fixed-pool-16 could not keep up and served 318 "
      "of 400 requests/s; the others kept up throughout; at 400/s thread-per-request used 2.1 (1.9–2.3) times "
      "event-loop's CPU per request.");
  EXPECT_EQ(verdict().uncertainty,
            "3 repeats. Brackets: 95 % confidence intervals. Differences they do not confirm are not reported.");
}

TEST_F(DemoVerdict, HeadsWithWhoWasSlowerBeforeItFellBehind) {
  result_.load.levels = {160, 256, 400};
  comparison_.insert(
      comparison_.begin() + 1,
      {{.value = 256},
       {cell_of(0, keeps_up(256)), cell_of(1, with(keeps_up(256), {{Metric::p50, 70}})), cell_of(2, keeps_up(256))}});
  EXPECT_THAT(
      verdict().headline,
      StartsWith("At 160/s the response times do not differ measurably; at 256/s fixed-pool-16 was slower: its p50 "
                 "was 2.0 (1.8–2.2) times thread-per-request's; at 400/s it could not keep up and served 318 of "
                 "400 requests/s; the others kept up throughout"));
}

TEST_F(DemoVerdict, HeadsWithWhomNoDifferenceWasShownBetween) {
  comparison_[0].cells[2].valid = false;
  EXPECT_THAT(verdict().headline,
              StartsWith("At 160/s the response times of thread-per-request and fixed-pool-16 do not "
                         "differ measurably; at 400/s fixed-pool-16 could not keep up"));
}

TEST_F(DemoVerdict, FollowsTheFiguresWhenTheySayTheOpposite) {
  std::swap(comparison_[1].cells[1].figures, comparison_[1].cells[2].figures);
  EXPECT_THAT(verdict().headline,
              HasSubstr("; at 400/s event-loop could not keep up and served 318 of 400 requests/s; the others kept up "
                        "throughout"));
  EXPECT_THAT(verdict().findings[1],
              AllOf(HasSubstr("event-loop served only 318 of 400 requests/s"), Not(HasSubstr("threads and holds"))));
}

TEST_F(DemoVerdict, DoesNotBlameThreadsThatWouldSuffice) {
  comparison_[1].cells[1] = cell_of(1, with(with(keeps_up(400), overloaded), {{Metric::utilisation, 31}}));
  EXPECT_THAT(verdict().findings[1], HasSubstr("fixed-pool-16 served only 318 of 400 requests/s"));
}

TEST_F(DemoVerdict, CountsErrorsAsNotFinished) {
  comparison_[1].cells[2] = cell_of(2, with(keeps_up(400), {{Metric::errors, 20}}));
  EXPECT_THAT(verdict().findings[1],
              AllOf(HasSubstr("event-loop served only 320 of 400 requests/s"), HasSubstr("its error rate was 20 %")));
}

TEST_F(DemoVerdict, TellsTheErrorsOfThoseThatKeptUp) {
  comparison_[0].cells[1] = cell_of(1, with(keeps_up(160), {{Metric::errors, 1.6}}));
  EXPECT_THAT(verdict().findings[0], HasSubstr(". Error rate: fixed-pool-16 1.6 %. "));
  comparison_[0].cells[2] = cell_of(2, with(keeps_up(160), {{Metric::errors, 0.2}}));
  EXPECT_THAT(verdict().findings[0], HasSubstr(". Error rates: fixed-pool-16 1.6 %, event-loop 0.2 %. "));
}

TEST_F(DemoVerdict, SaysAtLeastWhereTimedOutRequestsHideTheRest) {
  comparison_[0].cells[1] = cell_of(1, keeps_up(160, 1900));
  comparison_[0].cells[1][Metric::p99]->at_least = true;
  EXPECT_THAT(verdict().findings[0], HasSubstr("its p99 was more than 1.90 s, at least 8.2 times event-loop's 231 ms"));
}

TEST_F(DemoVerdict, NamesWhatCouldNotBeJudged) {
  comparison_[1].cells[1] = Cell{.target = 1, .runs = 0, .valid = true, .troubles = {"it died"}, .figures = {}};
  comparison_[1].cells[0].valid = false;
  comparison_[1].cells[0].troubles = {"the client was late"};
  EXPECT_THAT(verdict().findings,
              ElementsAre(testing::_,
                          "At 400/s: event-loop kept up with a p99 of 233 ms. Not judged, for the reasons "
                          "given: thread-per-request and fixed-pool-16."));
}

TEST(Verdict, ClaimsNoDifferenceWithinTheSpreadOfRepeats) {
  const ExperimentResult result = result_of({"a", "b"}, {100});
  const Medians other = with(keeps_up(100, 300), {{Metric::cpu, 120}, {Metric::p50, 45}, {Metric::memory, 9}});
  const Comparison comparison{{{.value = 100}, {cell_of(0, keeps_up(100), 0.4), cell_of(1, other, 0.4)}}};
  const Verdict verdict = judge_experiment(result, comparison);
  EXPECT_EQ(verdict.headline, "At 100/s the response times do not differ measurably.");
  EXPECT_FALSE(verdict.uncertainty.empty());
  EXPECT_THAT(verdict.findings[0], AllOf(HasSubstr("the response times of a and b do not differ measurably"),
                                         HasSubstr("Their resource use does not differ measurably.")));
}

TEST(Verdict, TellsWhoIsSlowerThoughAllKeepUp) {
  const ExperimentResult result = result_of({"a", "b"}, {100});
  const Medians slow = with(keeps_up(100, 466), {{Metric::queued, 12}});
  const Verdict verdict = judge_experiment(result, {{{.value = 100}, {cell_of(0, keeps_up(100)), cell_of(1, slow)}}});
  EXPECT_EQ(verdict.headline, "At 100/s b was slower: its p99 was 2.0 (1.8–2.2) times a's; all kept up.");
  EXPECT_THAT(
      verdict.findings[0],
      HasSubstr("b kept up, but its p99 was 466 ms, 2.0 (1.8–2.2) times a's 233 ms, with a queue of at least 12; a"));
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
  EXPECT_EQ(verdict.headline, "At 400/s no target kept up: they served 318 of 400 requests/s.");
  EXPECT_THAT(verdict.findings[0], HasSubstr("; no target kept up."));
}

TEST(Verdict, SaysWhoGotTheMostDoneWhereNobodyKeptUp) {
  const Medians swamped = with(overloaded, {{Metric::achieved, 100}});
  Comparison comparison{
      {{.value = 400}, {cell_of(0, with(keeps_up(400), overloaded)), cell_of(1, with(keeps_up(400), swamped))}}};
  const ExperimentResult result = result_of({"a", "b"}, {200, 400});
  EXPECT_EQ(judge_experiment(result, comparison).headline,
            "At 400/s no target kept up: they served 100 (b) to 318 (a) of 400 requests/s.");
  comparison.push_back({{.value = 200}, {cell_of(0, keeps_up(200)), cell_of(1, with(keeps_up(200), swamped))}});
  EXPECT_EQ(
      judge_experiment(result, comparison).headline,
      "At 200/s b could not keep up and served 100 of 200 requests/s; at 400/s a could not keep up and served 318 of "
      "400 requests/s; no target kept up throughout; at 400/s they served 100 (b) to 318 (a) of 400 requests/s.");
}

TEST(Verdict, CallsNobodyAbleToKeepUpThroughoutWhoseRunsCannotTell) {
  Cell invalid = cell_of(1, keeps_up(400));
  invalid.valid = false;
  const Comparison comparison{{{.value = 100}, {cell_of(0, keeps_up(100)), cell_of(1, keeps_up(100))}},
                              {{.value = 400}, {cell_of(0, with(keeps_up(400), overloaded)), invalid}}};
  EXPECT_THAT(judge_experiment(result_of({"a", "b"}, {100, 400}), comparison).headline,
              testing::EndsWith("at 400/s a could not keep up and served 318 of 400 requests/s."));
}

TEST(Verdict, ComparesNobodyWhereNoTwoWereJudgedAtTheSameLoad) {
  Cell invalid_a = cell_of(0, keeps_up(100));
  Cell invalid_b = cell_of(1, keeps_up(200));
  invalid_a.valid = invalid_b.valid = false;
  const Comparison comparison{{{.value = 100}, {invalid_a, cell_of(1, keeps_up(100))}},
                              {{.value = 200}, {cell_of(0, keeps_up(200)), invalid_b}}};
  const ExperimentResult result = result_of({"a", "b"}, {100, 200});
  EXPECT_EQ(judge_experiment(result, comparison).headline,
            "Nothing can be compared: no two targets have valid runs at the same load.");
  EXPECT_EQ(judge_experiment(result, {comparison[0]}).headline, "b kept up at 100/s.");
}

TEST(Verdict, OneTargetIsToldAndNotCompared) {
  const Verdict verdict = judge_experiment(result_of({"a"}, {100}), {{{.value = 100}, {cell_of(0, keeps_up(100))}}});
  EXPECT_THAT(verdict.findings, ElementsAre("At 100/s: a kept up with a p99 of 233 ms."));
  EXPECT_EQ(verdict.headline, "a kept up at 100/s.");
  const Comparison levels{{{.value = 100}, {cell_of(0, keeps_up(100))}},
                          {{.value = 400}, {cell_of(0, with(keeps_up(400), overloaded))}}};
  const ExperimentResult result = result_of({"a"}, {100, 400});
  EXPECT_EQ(judge_experiment(result, levels).headline,
            "At 400/s a could not keep up and served 318 of 400 requests/s.");
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
  EXPECT_THAT(verdict.findings,
              ElementsAre("At 100/s: the response times of a and b do not differ measurably: both have a "
                          "p99 of 225 ms. a used 11 (10–12) times b's threads (32 vs 3)."));
  EXPECT_EQ(verdict.headline, "At 100/s the response times do not differ measurably; a used 32 threads, b 3.");
}

TEST(Verdict, SaysNothingWithoutARun) {
  const Comparison comparison{
      {{.value = 100}, {Cell{.target = 0, .runs = 0, .valid = true, .troubles = {"no server"}, .figures = {}}}}};
  const Verdict verdict = judge_experiment(result_of({"a"}, {100}), comparison);
  EXPECT_EQ(verdict.headline, "No verdict: no run was made, for the reasons given.");
  EXPECT_EQ(verdict.uncertainty, "");
  EXPECT_THAT(verdict.findings, ElementsAre("At 100/s: no valid run, for the reasons given."));
}

TEST(Verdict, TellsWhatToDoWithoutAValidRun) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs.resize(1);
  Cell invalid = cell_of(0, keeps_up(100));
  invalid.valid = false;
  EXPECT_EQ(
      judge_experiment(result, {{{.value = 100}, {invalid}}}).headline,
      "No verdict: no run is valid, for the reasons given. Where they name the client or its CPU, close other programs "
      "and run it again.");
}

/// Two targets in a single repeat.
Verdict verdict_of_one_repeat(const Medians& a, const Medians& b) {
  ExperimentResult result = result_of({"a", "b"}, {100});
  result.repeats = 1;
  return judge_experiment(result, {{{.value = 100}, {only(cell_of(0, a, 0), {0}), only(cell_of(1, b, 0), {0})}}});
}

TEST(Verdict, SaysThatChanceIsUnknownWithoutRepeats) {
  const Verdict verdict = verdict_of_one_repeat(keeps_up(100), keeps_up(100, 699));
  EXPECT_EQ(verdict.headline, "At 100/s b was slower: its p99 was 3.0 times a's; all kept up.");
  EXPECT_THAT(verdict.uncertainty, StartsWith("One repeat. Brackets: 95 % confidence intervals of the runs"));
  EXPECT_THAT(verdict.findings[0],
              HasSubstr("Their resource use differs no more than may be due to chance in a single repeat."));
}

TEST(Verdict, HeadsWithNoCpuTimeThatMayBeNoiseOfASingleRepeat) {
  const auto headline = [](double cpu, double threads) {
    const Medians dear = with(keeps_up(100), {{Metric::cpu, cpu}, {Metric::threads, threads}});
    return verdict_of_one_repeat(dear, keeps_up(100)).headline;
  };
  const std::string same = "At 100/s the response times do not differ measurably";
  EXPECT_EQ(headline(1.6 * 90, 3), same + ".");
  EXPECT_EQ(headline(1.6 * 90, 259), same + "; a used 259 threads, b 3.");
  EXPECT_EQ(headline(2.9 * 90, 259), same + "; a used 259 threads, b 3.");
  EXPECT_EQ(headline(3.1 * 90, 259), same + "; a used 3.1 times b's CPU per request.");
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
  EXPECT_THAT(uncertainty_of({a, only(b, {0, 2}), c}), StartsWith("2 to 3 repeats."));
  EXPECT_EQ(
      uncertainty_of({a, only(b, {1}), c}),
      "3 repeats. Brackets: 95 % confidence intervals. Differences they do not confirm are not reported. Targets "
      "that share only one valid repeat are said to differ from a ratio of 1.5 on, by intervals that know nothing "
      "of what changes from run to run.");
  EXPECT_EQ(uncertainty_of({a, only(b, {1})}),
            "No two targets share more than one valid repeat: brackets know nothing of what changes from run to run.");
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
            "At 400/s pool-4 … pool-16 could not keep up and served 318 of 400 requests/s; the others kept up.");
  comparison[0].cells[3] = cell_of(3, with(keeps_up(400), {{Metric::achieved, 200}}));
  EXPECT_THAT(
      judge_experiment(result, comparison).findings[0],
      HasSubstr(
          "At 400/s: pool-4 … pool-32 served only 200 (pool-32) to 318 (pool-16) of 400 requests/s. loop kept up"));
}

TEST(Verdict, TellsOfManyThatPaidMoreOnlyWhoPaidTheMost) {
  const ExperimentResult result = result_of({"a", "b", "c", "d", "e"}, {100});
  Comparison comparison{{{.value = 100}, {}}};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto factor = static_cast<double>(i + 1);
    comparison[0].cells.push_back(cell_of(i, with(keeps_up(100), {{Metric::threads, 3 * factor}})));
  }
  EXPECT_THAT(judge_experiment(result, comparison).findings[0],
              HasSubstr("e used 5.0 (4.6–5.4) times a's threads (15 vs 3), the most of all."));
  comparison[0].cells[4] = cell_of(4, with(keeps_up(100), {{Metric::threads, 3}, {Metric::cpu, 400}}));
  EXPECT_THAT(judge_experiment(result, comparison).findings[0],
              AllOf(HasSubstr("e used 4.4 (4.1–4.8) times"), Not(HasSubstr("the most of all"))))
      << "d has more threads";
}

}  // namespace
}  // namespace waitlab::client
