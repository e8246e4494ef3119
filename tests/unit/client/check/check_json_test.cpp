#include "client/check/check_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

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

}  // namespace
}  // namespace waitlab::client
