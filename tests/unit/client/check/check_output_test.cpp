#include "client/check/check_output.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

TEST(CheckJson, TellsFindingsConditionsAndTheVerdict) {
  CheckReport report{.name = "run.json", .setting = "a pool"};
  report.findings = {{.law = "Little",
                      .figure = "mean in flight",
                      .predicted = 6.4,
                      .measured = 6.5,
                      .tolerance = Band{6.0, 6.6},
                      .verdict = FindingVerdict::agrees},
                     {.law = "replay", .figure = "start", .unit = FigureUnit::seconds, .why = "no log"}};
  report.conditions = {{"not seen", std::nullopt}};
  const auto json = check_json({report});
  EXPECT_EQ(json["schema_version"], 1);
  const auto& check = json["checks"][0];
  EXPECT_EQ(check["verdict"], "agrees");
  EXPECT_EQ(check["findings"][0]["tolerance"]["high"], 6.6);
  EXPECT_TRUE(check["findings"][0]["why"].is_null());
  EXPECT_EQ(check["findings"][1]["unit"], "seconds");
  EXPECT_EQ(check["findings"][1]["verdict"], "not judged");
  EXPECT_TRUE(check["findings"][1]["predicted"].is_null());
  EXPECT_TRUE(check["conditions"][0]["met"].is_null());
}

CheckReport report() {
  CheckReport report{.name = "run.json", .setting = "fixed-pool of 8 threads"};
  report.findings = {{.law = "Erlang-C",
                      .figure = "mean response",
                      .unit = FigureUnit::seconds,
                      .predicted = 0.0643,
                      .measured = 0.0661,
                      .tolerance = Band{0.0595, 0.0716},
                      .verdict = FindingVerdict::agrees},
                     {.law = "Erlang-C",
                      .figure = "waited > 0.5 ms",
                      .unit = FigureUnit::share,
                      .predicted = 0.4576,
                      .measured = 0.27,
                      .tolerance = Band{0.408, 0.511},
                      .verdict = FindingVerdict::differs},
                     {.law = "replay", .figure = "start off by, p99", .why = "it needs the server's request log"}};
  report.conditions = {{"a is so", true}, {"b is not so", false}, {"c is not known", std::nullopt}};
  report.notes = {"Say more."};
  return report;
}

TEST(CheckText, ShowsEachFigureWithItsVerdict) {
  const std::string text = check_text(report());
  EXPECT_THAT(text, HasSubstr("Erlang-C  mean response          64.30 ms  66.10 ms   59.50 - 71.60 ✓ agrees\n"));
  EXPECT_THAT(text, HasSubstr("Erlang-C  waited > 0.5 ms         45.76 %   27.00 %   40.80 - 51.10 ✗ differs\n"));
  EXPECT_THAT(text, HasSubstr("– replay not judged: it needs the server's request log\n"));
  for (const char* line : {"  ✓ a is so\n", "  ✗ b is not so\n", "  ? c is not known\n", "\nSay more.\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(CheckText, FitsATerminal) {
  CheckReport wide = report();
  wide.findings.front().predicted = 123.45;
  wide.findings.front().tolerance = Band{123.4, 234.5};
  wide.findings.push_back(
      {.law = "Erlang-C", .figure = "mean response", .why = std::string(30, 'w') + " because " + std::string(60, 'x')});
  std::istringstream text(check_text(wide));
  for (std::string line; std::getline(text, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

}  // namespace
}  // namespace waitlab::client
