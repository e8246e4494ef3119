#include "client/commands/result_source.hpp"

#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/report/runs_of.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

nlohmann::ordered_json json_of(double rate) {
  auto run = run_of(1ms);
  run.result.offered_rate = rate;
  return to_json(run.result);
}

std::vector<double> rates_of(const Result<std::vector<NamedResult>>& results) {
  std::vector<double> rates;
  for (const NamedResult& named : results.value())
    rates.push_back(named.result.offered_rate.value());
  return rates;
}

TEST(ResultSource, IsAFileOrSeveral) {
  const TemporaryFile first(".json");
  const TemporaryFile second(".json");
  first.write(json_of(1).dump());
  second.write(json_of(2).dump());
  EXPECT_EQ(rates_of(read_results(second.path())), std::vector<double>{2});
  const auto both = read_results(second.path() + "," + first.path());
  EXPECT_EQ(rates_of(both), (std::vector<double>{2, 1}));
  EXPECT_EQ(both->front().name, second.path());
}

TEST(ResultSource, IsAFolderInTheOrderOfItsNames) {
  const TemporaryFile place("");
  fs::create_directory(place.path());
  const auto folder = fs::path(place.path());
  const auto write = [&folder](const char* name, const std::string& text) { std::ofstream(folder / name) << text; };
  EXPECT_NE(read_results(place.path()).error().message.find("no .json file"), std::string::npos);
  write("2.json", json_of(2).dump());
  write("1.json", json_of(1).dump());
  write("3.hlog", "no result");
  EXPECT_EQ(rates_of(read_results(place.path())), (std::vector<double>{1, 2}));
  write("4.json", "{}");
  EXPECT_NE(read_results(place.path()).error().message.find("4.json"), std::string::npos);
  fs::remove_all(folder);
}

TEST(ResultSource, IsATargetOfAnExperiment) {
  const TemporaryFile file(".json");
  ExperimentResult experiment;
  experiment.targets = {{.name = "pool"}, {.name = "loop"}};
  experiment.load.levels = {80, 160};
  for (const std::size_t level : {0, 1}) {
    for (const std::size_t target : {0, 1}) {
      experiment.runs.push_back({.target = target, .level = level, .repeat = 0, .seed = 1, .load = {}, .server = {}});
      experiment.runs.back().load.offered_rate = experiment.load.levels[level];
    }
  }
  file.write(experiment_json(experiment, {}, {}).dump());
  EXPECT_EQ(rates_of(read_results(file.path() + "#pool")), (std::vector<double>{80, 160}));
  const auto one = read_results(file.path() + "#loop@160");
  EXPECT_EQ(rates_of(one), std::vector<double>{160});
  EXPECT_EQ(one->front().name, file.path() + "#loop@160 repeat 1");
  EXPECT_EQ(one->front().file, file.path());
  EXPECT_NE(read_results(file.path() + "#loop@90").error().message.find("#loop@90 has no run"), std::string::npos);
  EXPECT_NE(read_results(file.path() + "#loop@fast").error().message.find("no number"), std::string::npos);
  file.write("[]");
  EXPECT_NE(read_results(file.path() + "#loop").error().message.find("no result of an experiment"), std::string::npos);
}

TEST(ResultSource, NamesAListWithAHoleInIt) {
  EXPECT_NE(read_results("a.json,").error().message.find("'a.json,' has no file beside a comma"), std::string::npos);
  EXPECT_NE(read_results("a.json,,b.json").error().message.find("beside a comma"), std::string::npos);
}

TEST(ResultSource, NamesWhatCannotBeRead) {
  for (const std::string source : {"/nowhere/a.json", "/nowhere/a.json,b.json", "/nowhere/a.json#pool"}) {
    const auto results = read_results(source);
    ASSERT_FALSE(results);
    EXPECT_NE(results.error().message.find("/nowhere/a.json"), std::string::npos) << results.error().message;
  }
}

}  // namespace
}  // namespace waitlab::client
