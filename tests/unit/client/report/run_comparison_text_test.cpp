#include "client/report/run_comparison.hpp"

#include "common/text/wrap.hpp"
#include "tests/unit/client/report/runs_of.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

FigureComparison p99_with(const Estimate& ratio) {
  FigureComparison compared;
  compared.figure = Metric::p99;
  compared.ratio = ratio;
  return compared;
}

TEST(RunComparisonText, SaysADifferenceInOneSentence) {
  EXPECT_EQ(finding_of(p99_with({2.1, 1.9, 2.3})), "B's p99 is 2.1 × (1.9–2.3) A's");
  EXPECT_EQ(finding_of(p99_with({0.482, 0.451, 0.513})), "B's p99 is 0.48 × (0.45–0.51) A's");
  EXPECT_EQ(finding_of(p99_with({23.4, 21.2, 25.9})), "B's p99 is 23 × (21–26) A's");
}

TEST(RunComparisonText, SaysThatNoDifferenceIsShown) {
  EXPECT_EQ(finding_of(p99_with({1.02, 0.97, 1.07})), "no difference shown: 1.02 × (0.97–1.07)");
  EXPECT_EQ(finding_of(p99_with({1.5, std::nullopt, 2.6})), "no difference shown: 1.5 × (?–2.6)");
  EXPECT_EQ(finding_of(p99_with({1, 1, 1})), "no difference shown: 1.00 × (1.00–1.00)");
}

TEST(RunComparisonText, LetsNoEndRoundToOneThatIsNotOne) {
  EXPECT_EQ(finding_of(p99_with({1.2, 1.02, 1.4})), "B's p99 is 1.20 × (1.02–1.40) A's");
  EXPECT_EQ(finding_of(p99_with({1.2, 0.997, 1.4})), "no difference shown: 1.200 × (0.997–1.400)");
}

TEST(RunComparisonText, DoesNotJudgeWithoutAnInterval) {
  EXPECT_EQ(finding_of(p99_with({1.2345})), "1.23 ×, without an interval: repeat the runs");
}

TEST(RunComparisonText, ShowsALineForEachFigureWithin80Columns) {
  auto invalid = run_of(2ms, "results/a-rather-long-name/of-a-file-that-holds-a-result.json");
  invalid.result.invalid_because = {"the client itself was late (schedule lag p99 20 ms, limit 10 ms): lower the rate"};
  const std::string text =
      to_text(compare_runs({invalid}, {run_of(1ms)}), {Metric::p50, Metric::p99, Metric::p999, Metric::achieved});
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
  EXPECT_NE(text.find("! INVALID run results/"), std::string::npos) << text;
  EXPECT_NE(text.find("\np50             1.00 s     500 ms  B's p50 is 0.5"), std::string::npos) << text;
  EXPECT_NE(text.find("\nrate           100.0/s    100.0/s  1.00 ×, without"), std::string::npos) << text;
  EXPECT_EQ(text.find("mean"), std::string::npos) << "it was not asked for";
  EXPECT_NE(text.find("nothing about how much runs differ"), std::string::npos) << text;
}

TEST(RunComparisonText, NamesTheMethodForRepeats) {
  const std::string text = to_text(compare_runs(runs_of({1ms, 2ms}), runs_of({1ms, 2ms})), {Metric::p99});
  EXPECT_NE(text.find("Welch"), std::string::npos);
  EXPECT_EQ(text.find("MOVER"), std::string::npos);
}

}  // namespace
}  // namespace waitlab::client
