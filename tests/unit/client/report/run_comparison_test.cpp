#include "client/report/run_comparison.hpp"

#include "client/stats/time_summary.hpp"
#include "tests/unit/client/report/runs_of.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr double bucket = 0.002;  // of a ratio of two figures that are within 0.1 % each

TEST(RunComparison, ComparesRepeatsByTheirGeometricMeans) {
  const RunComparison comparison = compare_runs(runs_of({1ms, 2ms, 4ms}), runs_of({2ms, 4ms, 8ms}));
  EXPECT_TRUE(comparison.repeated);
  EXPECT_TRUE(comparison.warnings.empty());
  for (const auto figure : {Metric::p50, Metric::p99, Metric::p999, Metric::mean}) {
    const Estimate ratio = comparison[figure].ratio.value();
    EXPECT_NEAR(ratio.value, 2, 2 * bucket);
    EXPECT_NEAR(ratio.low.value(), 0.4155, 0.4155 * bucket);
    EXPECT_NEAR(ratio.high.value(), 9.626, 9.626 * bucket);
    EXPECT_FALSE(comparison[figure].difference_shown());
  }
  EXPECT_NEAR(comparison[Metric::p99].b->estimate.value, 3960e6, 5e6);
  EXPECT_NEAR(comparison[Metric::p90].a->estimate.value, 1800e6, 3e6);
  EXPECT_EQ(comparison[Metric::p99].a->runs, 3u);
}

TEST(RunComparison, ShowsADifferenceThatRepeatsAgreeOn) {
  const RunComparison comparison = compare_runs(runs_of({2ms, 2010us}), runs_of({1ms, 1010us}));
  EXPECT_TRUE(comparison[Metric::p99].difference_shown());
  EXPECT_TRUE(comparison[Metric::mean].difference_shown());
  EXPECT_FALSE(comparison[Metric::achieved].difference_shown());
  EXPECT_NEAR(comparison[Metric::achieved].ratio->value, 1, 1e-12);
}

TEST(RunComparison, TakesTheIntervalsOfSingleRunsFromTheirRequests) {
  const auto a = run_of(2ms);
  const auto b = run_of(1ms);
  const RunComparison comparison = compare_runs({b}, {a});
  EXPECT_FALSE(comparison.repeated);
  const auto of_times = [](const TimeFigure& time) {
    return Estimate{static_cast<double>(time.value->count()), static_cast<double>(time.low->count()),
                    static_cast<double>(time.high->count())};
  };
  const Estimate expected = mover_ratio(of_times(percentile(a.result.record.response_time, 0.9)),
                                        of_times(percentile(b.result.record.response_time, 0.9)));
  EXPECT_DOUBLE_EQ(comparison[Metric::p90].ratio->low.value(), expected.low.value());
  EXPECT_DOUBLE_EQ(comparison[Metric::p90].ratio->high.value(), expected.high.value());
  EXPECT_TRUE(comparison[Metric::p90].difference_shown());
  EXPECT_FALSE(comparison[Metric::p999].ratio->high) << "1,000 samples set no upper bound to p99.9";
}

TEST(RunComparison, HasNoIntervalOfWhatOneRunDoesNotTell) {
  const RunComparison comparison = compare_runs({run_of(2ms)}, {run_of(1ms)});
  for (const auto figure : {Metric::mean, Metric::achieved}) {
    ASSERT_TRUE(comparison[figure].ratio);
    EXPECT_FALSE(comparison[figure].ratio->low || comparison[figure].ratio->high);
    EXPECT_FALSE(comparison[figure].difference_shown());
  }
}

TEST(RunComparison, JoinsARunWithRepeats) {
  const RunComparison comparison = compare_runs({run_of(2ms)}, runs_of({1ms, 1010us, 990us}));
  EXPECT_FALSE(comparison.repeated);
  const FigureComparison& p90 = comparison[Metric::p90];
  const Estimate repeats = geometric_mean(p90.b->all);
  EXPECT_DOUBLE_EQ(p90.b->estimate.low.value(), repeats.low.value());
  EXPECT_TRUE(p90.difference_shown());
}

TEST(RunComparison, HasNoRatioWhereSamplesAreTooFew) {
  auto few = run_of(1ms);
  few.result.record.response_time = {};
  for (int i = 0; i < 50; ++i)
    few.result.record.response_time.record(1ms);
  const RunComparison comparison = compare_runs({run_of(1ms), few}, runs_of({1ms, 1ms}));
  EXPECT_TRUE(comparison[Metric::p90].ratio);
  EXPECT_FALSE(comparison[Metric::p99].ratio || comparison[Metric::p99].a);
  EXPECT_EQ(comparison[Metric::p99].why_not, "too few samples in A");
}

TEST(RunComparison, HasNoRatioOfLowerBounds) {
  auto b = run_of(1ms);
  for (int i = 0; i < 50; ++i)
    b.result.record.response_time.record_at_least(2s);
  const RunComparison comparison = compare_runs({run_of(1ms)}, {b});
  EXPECT_EQ(comparison[Metric::p99].why_not, "hidden by time-outs in B");
  EXPECT_FALSE(comparison[Metric::p99].ratio);
  EXPECT_TRUE(comparison[Metric::p99].b->at_least);
  EXPECT_TRUE(comparison[Metric::p50].ratio);
}

TEST(RunComparison, ComparesErrorSharesWhereThereAreErrors) {
  const auto failing = [](std::uint64_t errors) {
    auto run = run_of(1ms);
    run.result.record.errors[0].count = errors;
    return run;
  };
  const Metric errors = Metric::errors;
  EXPECT_EQ(compare_runs(runs_of({1ms, 1ms}), runs_of({1ms, 1ms}))[errors].why_not, "none in both");
  const auto one_side = compare_runs({failing(10), failing(0)}, runs_of({1ms, 1ms}))[errors];
  EXPECT_EQ(one_side.why_not, "a run has none in both");
  EXPECT_DOUBLE_EQ(one_side.a->estimate.value, 0.005);
  const auto both = compare_runs({failing(40), failing(40)}, {failing(10), failing(10)})[errors];
  EXPECT_NEAR(both.ratio.value().value, 0.25, 1e-9);
  EXPECT_TRUE(both.difference_shown());
}

/// Every response takes this time.
NamedResult steady_run(std::chrono::nanoseconds time) {
  auto run = run_of(1ms);
  run.result.record.response_time = {};
  run.result.record.response_time.effective_samples.fill(1000);
  for (int i = 0; i < 1000; ++i)
    run.result.record.response_time.record(time);
  return run;
}

// From 67.1 ms on a bucket is 65.5 us wide: so 100.00 and 100.07 ms are in neighbours, 100.2 ms two further on.
TEST(RunComparison, ShowsNoDifferenceThatAHistogramCannotTell) {
  const auto compare = [](std::chrono::nanoseconds of_a, std::size_t repeats) {
    std::vector<NamedResult> a, b;
    for (std::size_t i = 0; i < repeats; ++i) {
      a.push_back(steady_run(of_a));
      b.push_back(steady_run(100ms));
    }
    return compare_runs(a, b);
  };
  for (const std::size_t repeats : {1u, 2u, 20u}) {
    const RunComparison near = compare(100'070us, repeats);
    EXPECT_LT(near[Metric::p50].ratio->value, 1);
    EXPECT_FALSE(near[Metric::p50].difference_shown());
    EXPECT_FALSE(near[Metric::mean].difference_shown());
    EXPECT_TRUE(compare(100'300us, repeats)[Metric::p50].difference_shown());
  }
}

TEST(RunComparison, ShowsNoDifferenceOfARequestInTheRate) {
  auto a = runs_of({1ms, 1ms});
  for (NamedResult& run : a)
    ++run.result.record.completed_in_window;
  EXPECT_FALSE(compare_runs(a, runs_of({1ms, 1ms}))[Metric::achieved].difference_shown());
}

TEST(RunComparison, CountsAResultThatIsGivenTwiceOnce) {
  const auto a = run_of(2ms, "a.json");
  auto copy = a;
  copy.name = "copy.json";
  const auto b = run_of(1ms, "b.json");
  const RunComparison comparison = compare_runs({a, copy}, {b, b});
  EXPECT_FALSE(comparison.repeated);
  EXPECT_EQ(comparison[Metric::p50].a->runs, 1u);
  const std::vector<std::string> expected{"copy.json in A is the same result as a.json, and counts once",
                                          "b.json in B is the same result as b.json, and counts once"};
  EXPECT_EQ(comparison.warnings, expected);
  EXPECT_FALSE(comparison[Metric::achieved].ratio->low) << "one run has no interval";
}

TEST(RunComparison, TellsOfAResultThatIsOnBothSides) {
  const auto a = run_of(2ms, "a.json");
  EXPECT_EQ(compare_runs({a}, {a}).warnings, std::vector<std::string>{"a.json is in A and in B"});
}

TEST(RunComparison, MarksInvalidRunsAndUnlikeLoads) {
  auto invalid = run_of(1ms, "b-2.json");
  invalid.result.invalid_because = {"the client itself was late"};
  invalid.result.offered_rate = 50;
  const RunComparison comparison = compare_runs({run_of(1ms)}, {run_of(1ms), invalid});
  EXPECT_FALSE(comparison.all_valid);
  EXPECT_EQ(comparison.warnings,
            std::vector<std::string>{"INVALID run b-2.json in B, left out: the client itself was late"});
  EXPECT_EQ(comparison[Metric::p50].b->runs, 1u);
  const RunComparison without_others = compare_runs({run_of(1ms)}, {invalid});
  const std::vector<std::string> expected{"INVALID run b-2.json in B: the client itself was late",
                                          "different offered rate: 100/s in A, 50/s in B"};
  EXPECT_EQ(without_others.warnings, expected);
  EXPECT_EQ(without_others[Metric::p50].b->runs, 1u);
}

/// Runs with these seeds, each with times of its own.
std::vector<NamedResult> seeded(const std::vector<std::uint64_t>& seeds, std::chrono::nanoseconds unit) {
  std::vector<NamedResult> runs;
  for (const std::uint64_t seed : seeds) {
    runs.push_back(run_of(unit + runs.size() * unit / 500));
    runs.back().result.seed = seed;
  }
  return runs;
}

TEST(RunComparison, TakesRunsOfOneSeedForOne) {
  const RunComparison copies = compare_runs(seeded({1, 1, 1}, 1ms), seeded({2, 2, 2}, 1010us));
  EXPECT_FALSE(copies.repeated);
  EXPECT_FALSE(copies[Metric::p50].difference_shown()) << "one load against another";
  EXPECT_FALSE(copies[Metric::mean].ratio->low);
  EXPECT_EQ(copies[Metric::p50].a->runs, 3u);
  const auto copies_of = [](const std::string& side, const std::string& seed) {
    return fmt::format(
        "3 runs in {} have seed {} and count as one: the same seed brings the same arrivals and holds; give each run "
        "its own --seed, as --repeat does",
        side, seed);
  };
  const std::vector<std::string> expected{
      copies_of("A", "1"), copies_of("B", "2"),
      "different seeds: 1 in A, 2 in B, so that each had arrivals and holds of its own"};
  EXPECT_EQ(copies.warnings, expected);
}

TEST(RunComparison, HoldsRunsOfTheSameSeedAgainstEachOther) {
  const auto varied = [](std::chrono::nanoseconds unit) {
    std::vector<NamedResult> runs;
    for (const unsigned factor : {1u, 2u, 4u}) {
      runs.push_back(run_of(unit * factor));
      runs.back().result.seed = factor;
    }
    return runs;
  };
  auto a = varied(1ms);
  std::ranges::reverse(a);
  const RunComparison paired = compare_runs(a, varied(2ms));
  EXPECT_TRUE(paired.paired);
  EXPECT_TRUE(paired.warnings.empty());
  EXPECT_TRUE(paired[Metric::mean].difference_shown()) << "each is twice its partner";
  auto others = varied(2ms);
  others[0].result.seed = 9;
  const RunComparison unpaired = compare_runs(a, others);
  EXPECT_FALSE(unpaired.paired);
  EXPECT_FALSE(unpaired[Metric::mean].difference_shown());
}

TEST(RunComparison, IsNoCloserThanTheRunsThemselves) {
  const auto few = [](std::chrono::nanoseconds unit) {
    auto runs = runs_of({unit, unit + 1us});
    for (NamedResult& run : runs)
      run.result.record.response_time.effective_samples.fill(50);
    return runs;
  };
  const RunComparison comparison = compare_runs(few(1ms), few(1050us));
  EXPECT_TRUE(comparison[Metric::mean].difference_shown());
  EXPECT_FALSE(comparison[Metric::p50].difference_shown()) << "50 samples do not know the median to 5 %";
}

TEST(RunComparison, WarnsOfTimesThatErrorsMakeLookGood) {
  NamedResult rejected = run_of(1ms, "full.json");
  rejected.result.record.errors[static_cast<std::size_t>(ErrorKind::status_5xx)].count = 240;
  NamedResult few = run_of(1ms);
  few.result.record.errors[static_cast<std::size_t>(ErrorKind::status_5xx)].count = 10;
  EXPECT_EQ(compare_runs({few}, {rejected}).warnings,
            std::vector<std::string>{"24 % of the responses of full.json in B were errors: its times include theirs"});
  rejected.result.record.unwanted_response_time.emplace();
  EXPECT_EQ(compare_runs({few}, {rejected}).warnings,
            std::vector<std::string>{
                "24 % of the responses of full.json in B were errors: its times are those of the others"});
}

TEST(RunComparison, TakesTheTimesOfGoodAnswersAsExperimentsDo) {
  NamedResult rejected = run_of(2ms);
  LoadRecord& record = rejected.result.record;
  HdrHistogram& unwanted = record.unwanted_response_time.emplace();
  for (int i = 0; i < 1000; ++i) {
    record.begin();
    record.response_time.record(10us);
    unwanted.record(10us);
  }
  record.requests.completed += 1000;
  record.errors[static_cast<std::size_t>(ErrorKind::status_5xx)].count = 1000;
  const RunComparison comparison = compare_runs({run_of(1ms)}, {rejected});
  EXPECT_NEAR(comparison[Metric::p50].ratio->value, 2, 2 * bucket);
  EXPECT_NEAR(comparison[Metric::mean].ratio->value, 2, 2 * bucket);
  EXPECT_NEAR(comparison[Metric::errors].b->estimate.value, 0.5, 1e-9);
  for (const Metric metric : {Metric::p50, Metric::p99, Metric::errors, Metric::achieved}) {
    EXPECT_EQ(read_figure(metric, {.load = rejected.result})->value, comparison[metric].b->estimate.value);
  }
}

TEST(RunComparison, IsToldToMachines) {
  const auto json = to_json(compare_runs(runs_of({1ms, 1ms}), runs_of({2ms, 2ms})), {Metric::p99, Metric::errors});
  EXPECT_EQ(json["schema_version"], 2);
  EXPECT_EQ(json["paired"], false);
  EXPECT_EQ(json["all_valid"], true);
  EXPECT_EQ(json["figures"].size(), 2u);
  const auto& p99 = json["figures"]["p99"];
  EXPECT_EQ(p99["unit"], "us");
  EXPECT_NEAR(p99["b"]["value"].get<double>(), 1.98e6, 2e3);
  EXPECT_EQ(p99["a"]["runs"].size(), 2u);
  EXPECT_NEAR(p99["ratio"].get<double>(), 2, 2 * bucket);
  const double ratio = p99["ratio"];
  EXPECT_LT(p99["low"].get<double>(), ratio * (1 - 0.001059)) << "the runs' own intervals are wider than a bucket";
  EXPECT_GT(p99["high"].get<double>(), ratio * (1 + 0.001059));
  EXPECT_EQ(p99["difference_shown"], true);
  EXPECT_FALSE(p99.contains("why_not"));
  const auto& errors = json["figures"]["errors"];
  EXPECT_TRUE(errors["ratio"].is_null() && errors["low"].is_null());
  EXPECT_EQ(errors["why_not"], "none in both");
}

using namespace std::chrono_literals;

TEST(LoadDifference, IsNoneWhereOnlyTheServerDiffers) {
  auto b = run_of(2ms);
  b.result.url = "http://example.com/wait?delay=50ms";
  b.result.address = "192.0.2.1:80";
  b.result.window = 20s;
  b.result.connections = 7;  // the cap of an open loop
  EXPECT_TRUE(differences_in_load({run_of(1ms)}, {b}).empty());
}

TEST(LoadDifference, NamesWhatDiffersAndHow) {
  auto b = run_of(1ms);
  b.result.url = "http://127.0.0.1:8080";
  b.result.method = "POST";
  b.result.offered_rate = 120;
  b.result.arrivals = "constant";
  b.result.timeout = 500ms;
  b.result.targets = {{"GET", "/a"}, {"PUT", "/b"}};
  b.result.machine.cpus_usable = 4;
  b.result.machine.cpu_model = "Z80";
  const auto lines = differences_in_load({run_of(1ms)}, {b});
  const std::vector<std::string> expected{
      "different path: /wait?delay=50ms in A, / in B",         "different method: GET in A, POST in B",
      "different request mix: none in A, GET /a, PUT /b in B", "different offered rate: 100/s in A, 120/s in B",
      "different arrivals: poisson in A, constant in B",       "different time-out: 2.00 s in A, 500 ms in B",
      "different machine: 0 CPUs of  in A, 4 CPUs of Z80 in B"};
  EXPECT_EQ(lines, expected);
}

TEST(LoadDifference, ComparesTheConnectionsOfClosedLoops) {
  auto a = run_of(1ms);
  a.result.offered_rate.reset();
  a.result.connections = 10;
  auto b = a;
  b.result.connections = 20;
  EXPECT_EQ(differences_in_load({a}, {b}),
            std::vector<std::string>{"different number of connections: 10 in A, 20 in B"});
}

TEST(LoadDifference, SeesTheOddOneAmongRepeats) {
  auto odd = run_of(1ms);
  odd.result.offered_rate = 90;
  EXPECT_EQ(differences_in_load({run_of(1ms), odd, run_of(1ms)}, {run_of(1ms)}),
            std::vector<std::string>{"different offered rate: 100/s and 90/s in A, 100/s in B"});
}

}  // namespace
}  // namespace waitlab::client
