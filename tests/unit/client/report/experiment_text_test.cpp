
#include "client/report/experiment_text.hpp"
#include "common/text/wrap.hpp"
#include "tests/unit/client/report/figures_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

std::size_t columns_of(const std::string& line) {
  std::size_t columns = 0;
  for (const char c : line)
    columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return columns;
}

class Table : public testing::Test {
 protected:
  Table() : result_(result_of({"thread-per-request", "loop"}, {160})) {
    const std::map<Metric, double> large{{Metric::good, 99999},  {Metric::p50, 9999},   {Metric::p90, 9999},
                                         {Metric::p99, 9999},    {Metric::errors, 100}, {Metric::threads, 10001},
                                         {Metric::memory, 1999}, {Metric::cpu, 99999},  {Metric::switches, 9999}};
    const std::map<Metric, double> small{{Metric::good, 160.4}, {Metric::p50, 34.94}, {Metric::p90, 116.2},
                                         {Metric::p99, 233.4},  {Metric::errors, 0},  {Metric::threads, 3},
                                         {Metric::memory, 6.5}, {Metric::cpu, 90.6},  {Metric::switches, 1.84}};
    comparison_ = {{{.value = 160}, {cell_of(0, large), cell_of(1, small)}}};
  }

  std::string text() const { return format_table(result_, comparison_); }

  ExperimentResult result_;
  Comparison comparison_;
};

TEST_F(Table, IsEightyColumnsWideHoweverLargeTheFigures) {
  comparison_[0].cells[0][Metric::p99]->at_least = true;
  comparison_[0].cells[0].troubles = {
      "a reason of many words that would not fit into the eighty columns that there are"};
  std::istringstream lines(text());
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), 80U) << line;
}

TEST_F(Table, ShowsAsManyDigitsAsAFigureDeserves) {
  EXPECT_THAT(text(), HasSubstr("loop                    160  34.9   116   233     0    -       3  6.5    91  1.8"));
}

TEST_F(Table, TellsHowManyRunsPassedWhereThresholdsWereSet) {
  result_.targets.erase(result_.targets.begin());
  comparison_[0].cells.erase(comparison_[0].cells.begin());
  comparison_[0].cells[0].target = 0;
  comparison_[0].cells[0].passed = 2;
  result_.thresholds = {"p99<200ms"};
  EXPECT_THAT(text(), HasSubstr("                    pass    good   p50   p90   p99  err busy threads  RSS   CPU\n"));
  EXPECT_THAT(text(), HasSubstr("loop                 2/3     160  34.9   116   233    0    -       3  6.5    91\n"));
}

TEST_F(Table, MarksAndExplainsWhatIsInvalidOrMissing) {
  comparison_[0].cells[0].valid = false;
  comparison_[0].cells[0].troubles = {"the client was late"};
  comparison_[0].cells[1] = Cell{.target = 1, .runs = 0, .valid = true, .troubles = {"it died"}, .figures = {}};
  EXPECT_THAT(text(), HasSubstr("thread-per-request!"));
  EXPECT_THAT(text(), HasSubstr("! thread-per-request at 160/s (INVALID): the client was late\n"));
  EXPECT_THAT(text(), HasSubstr("loop!                not measured\n"));
  EXPECT_THAT(text(), HasSubstr("! loop at 160/s (not measured): it died\n"));
}

TEST_F(Table, TellsAReasonOnceHoweverManyCellsHaveIt) {
  comparison_[0].cells[0].troubles = {"the client was late (lag 34.2 ms)"};
  comparison_[0].cells[1].troubles = {"the client was late (lag 71 ms)"};
  EXPECT_THAT(text(), HasSubstr("! thread-per-request at 160/s (3 of 3 runs count) and loop at 160/s (3 of 3 runs\n"
                                "count): the client was late (lag 34.2 ms)\n"));
}

TEST_F(Table, ALevelOfAClosedLoopIsItsConnections) {
  comparison_[0].level = {.loop = Loop::closed, .value = 64};
  comparison_[0].cells[1].troubles = {"it died"};
  EXPECT_THAT(text(), HasSubstr("-- 64 connections ---"));
  EXPECT_THAT(text(), HasSubstr("! loop at 64 connections (3 of 3 runs count): it died\n"));
}

TEST_F(Table, ALowerBoundSaysSo) {
  comparison_[0].cells[1][Metric::p99]->at_least = true;
  EXPECT_THAT(text(), HasSubstr(">233"));
}

TEST_F(Table, TheWholeTextTellsPlacementAndVerdict) {
  const std::string whole = experiment_text(
      result_, comparison_, {.headline = "It depends.", .uncertainty = "By chance.", .findings = {"On this."}});
  EXPECT_THAT(whole, HasSubstr("Medians of 3 repeats"));
  EXPECT_THAT(whole, HasSubstr("server on CPU 1; client and backend on CPU 0"));
  EXPECT_THAT(whole, HasSubstr("\nIt depends.\nBy chance.\n\nOn this.\n"));
}

TEST_F(Table, TellsHowManyRepeatsCount) {
  comparison_[0].cells[0].runs = 1;
  const std::string whole = experiment_text(result_, comparison_, {.headline = "", .uncertainty = "", .findings = {}});
  EXPECT_THAT(whole, HasSubstr("Medians of the repeats that count, 1 to 3 of 3"));
}

TEST(Wrap, BreaksBetweenWords) {
  EXPECT_EQ(wrap("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(wrap("one two three", 80), "one two three\n");
  EXPECT_EQ(wrap("unbreakable a", 4), "unbreakable\na\n");
  EXPECT_EQ(wrap("", 10), "\n");
}

TEST(Wrap, CountsCharactersNotBytes) {
  EXPECT_EQ(wrap("90 µs 80 µs", 11), "90 µs 80 µs\n");
}

}  // namespace
}  // namespace waitlab::client
