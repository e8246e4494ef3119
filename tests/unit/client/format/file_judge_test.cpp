// Outside judges read what results are written as: HdrHistogram's Java library, a JSON Schema validator, promtool.

#include "client/format/hdr_files.hpp"
#include "client/format/prometheus_text.hpp"
#include "client/format/result_json.hpp"
#include "client/report/result_merge.hpp"
#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/format/sample_results.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <random>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

struct Verdict {
  int exit_code = -1;
  std::string output;
};

Verdict ask(const std::vector<std::string>& command) {
  auto judge = ChildProcess::start({.command = command, .cpus = {}});
  if (!judge) return {.output = judge.error().message};
  Verdict verdict;
  while (const auto line = judge->read_line(patience))
    verdict.output += *line + '\n';
  verdict.exit_code = judge->wait(patience).value_or(-1);
  return verdict;
}

Verdict ask_java(const std::string& what, const std::string& text) {
  const TemporaryFile file(".txt");
  file.write(text);
  return ask({"java", "-cp", "/usr/share/java/hdrhistogram.jar",
              WAITLAB_SOURCE_DIR "/tests/unit/client/format/FileJudge.java", what, file.path()});
}

/// What is wrong with the result, by its schema.
Verdict validate(const std::string& json) {
  const TemporaryFile file(".json");
  file.write(json);
  return ask({"/usr/bin/python3", "-W", "ignore", "-m", "jsonschema", "--instance", file.path(),
              WAITLAB_SOURCE_DIR "/docs/result.schema.json"});
}

std::string line_about(const char* tag, std::int64_t begin_ms, const HdrHistogram& histogram) {
  return fmt::format("{} {} {} {} {} {} {}\n", tag, begin_ms, begin_ms + 1000, histogram.max().count(),
                     histogram.count(), histogram.value_at(0.5).count(), histogram.value_at(0.99).count());
}

TEST(FileJudge, JavaLibraryReadsTheLogAndFindsTheSameFigures) {
  const UtcTime begin = parse_utc("2026-01-02T03:04:05.678Z").value();
  HdrLog log(begin);
  std::mt19937_64 random{7};
  std::exponential_distribution<double> hold{1 / 50e6};
  std::array<HdrHistogram, 3> response;
  std::array<HdrHistogram, 3> service;
  for (const std::uint64_t index : {25, 3, 0, 21, 9}) {  // none in the second from 1 s on
    Slice slice;
    slice.index = index;
    for (int i = 0; i < 1000; ++i) {
      const std::chrono::nanoseconds time{std::llround(hold(random))};
      slice.response_time.record(time + 1ms);
      slice.service_time.record(time);
      response[index / 10].record(time + 1ms);
      service[index / 10].record(time);
    }
    log.add(slice);
  }
  std::string expected;
  for (std::size_t second = 0; second < response.size(); ++second) {
    const auto begin_ms = begin.time_since_epoch().count() + static_cast<std::int64_t>(second) * 1000;
    expected += line_about("response_time", begin_ms, response[second]);
    expected += line_about("service_time", begin_ms, service[second]);
  }
  EXPECT_EQ(ask_java("log", log.text()).output, expected);
}

TEST(FileJudge, JavaLibraryPrintsTheSameDistribution) {
  HdrHistogram histogram;
  std::mt19937_64 random{7};
  std::exponential_distribution<double> hold{1 / 50e6};
  for (int i = 0; i < 100'000; ++i)
    histogram.record(std::chrono::nanoseconds{std::llround(hold(random))});
  histogram.record(10min);
  EXPECT_EQ(ask_java("distribution", histogram.encode()).output, hgrm_text(histogram));
}

TEST(FileJudge, ValidatorFindsResultsToFitTheirSchema) {
  for (const LoadResult& result :
       {rich_result(), poor_result(), merge_results({rich_result(), poor_result()}).result}) {
    EXPECT_EQ(validate(to_json(result).dump()).exit_code, 0);
  }
}

TEST(FileJudge, ValidatorRefusesWhatTheSchemaDoesNotKnow) {
  auto unknown_key = to_json(rich_result());
  unknown_key["steps"][0]["surprise"] = 1;
  EXPECT_NE(validate(unknown_key.dump()).exit_code, 0);
  auto missing_key = to_json(rich_result());
  missing_key["response_time_us"].erase("ci95");
  EXPECT_NE(validate(missing_key.dump()).exit_code, 0);
}

TEST(FileJudge, PromtoolFindsNothingWrong) {
  for (const LoadResult& result : {rich_result(), poor_result()}) {
    const TemporaryFile file(".prom");
    file.write(prometheus_text(result));
    const Verdict verdict = ask({"sh", "-c", "promtool check metrics < " + file.path() + " 2>&1"});
    EXPECT_EQ(verdict.exit_code, 0) << verdict.output;
    EXPECT_EQ(verdict.output, "");
  }
}

}  // namespace
}  // namespace waitlab::client
