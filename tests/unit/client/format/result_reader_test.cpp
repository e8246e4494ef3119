#include "client/format/result_json.hpp"

#include "client/format/result_text.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/format/sample_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string failure_of(const std::string& text) {
  const auto result = read_result(text, "a.json");
  return result ? "read it" : result.error().message;
}

/// What is said of a good result once `change` has spoiled it.
template <class Change>
std::string failure_after(Change change) {
  ordered_json json = to_json(rich_result());
  change(json);
  return failure_of(json.dump());
}

TEST(ResultReader, GivesBackAllThatAResultHolds) {
  for (const LoadResult& result : {rich_result(), poor_result()}) {
    const auto read = read_result(to_json(result).dump(2), "a.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), to_json(result));
    EXPECT_EQ(to_text(*read), to_text(result));
  }
}

TEST(ResultReader, KeepsWhatTheJsonShowsOnlyRounded) {
  const LoadResult read = read_result(to_json(rich_result()).dump(2), "a.json").value();
  const LoadRecord written = rich_result().record;
  EXPECT_EQ(read.window, rich_result().window);
  EXPECT_EQ(read.timeline, rich_result().timeline);
  EXPECT_EQ(read.record.response_time.least_censored, written.response_time.least_censored);
  EXPECT_EQ(read.record.service_time.effective_samples, written.service_time.effective_samples);
  EXPECT_EQ(read.record.completed_in_window, written.completed_in_window);
  EXPECT_EQ(read.record.second_half.due, written.second_half.due);
  EXPECT_EQ(read.record.second_half.completed, written.second_half.completed);
  EXPECT_EQ(read.record.split.told_by_server(), written.split.told_by_server());
}

TEST(ResultReader, ReadsFiles) {
  const TemporaryFile file(".json");
  file.write(to_json(rich_result()).dump(2));
  const auto read = read_result_file(file.path());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->record.requests.sent, 306u);
}

TEST(ResultReader, SaysThatAFileIsNotThere) {
  const auto read = read_result_file("/nonexistent/a.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, AllOf(HasSubstr("/nonexistent/a.json"), HasSubstr("cannot be opened")));
}

TEST(ResultReader, TellsACutFileFromOneThatIsNoJson) {
  const std::string text = to_json(rich_result()).dump(2);
  for (const std::size_t length :
       {text.find('{') + 1, text.find("command"), text.find("command\":") + 9, text.find("true") + 2}) {
    EXPECT_EQ(failure_of(text.substr(0, length)), "a.json: is empty or cut short; write the result again");
  }
  EXPECT_EQ(failure_of(""), "a.json: is empty or cut short; write the result again");
  EXPECT_THAT(failure_of("Requests: 12"), AllOf(HasSubstr("a.json:1:1"), Not(HasSubstr("cut short"))));
}

TEST(ResultReader, BelievesNoAccountThatDoesNotAddUp) {
  EXPECT_THAT(failure_after([](ordered_json& json) { json["requests"]["sent"] = 400; }),
              HasSubstr("requests: does not add up: 400 were sent, and 306 ended; the file was changed"));
  EXPECT_THAT(failure_after([](ordered_json& json) {
                json["requests"]["sent"] = 400;
                json["requests"]["completed"] = json["requests"]["completed"].get<int>() + 94;
              }),
              HasSubstr("does not add up"));
}

TEST(ResultReader, RefusesAnotherSchemaVersion) {
  EXPECT_EQ(failure_after([](ordered_json& json) { json["schema_version"] = 2; }),
            "a.json:1: schema_version: only 1 can be read; use the waitlab-client that wrote the file");
}

TEST(ResultReader, KnowsAnExperimentsResult) {
  EXPECT_THAT(failure_of(R"({"schema_version": 1, "experiment": {}, "runs": []})"),
              AllOf(HasSubstr("the result of an experiment"), HasSubstr("'waitlab-client run --json'")));
}

TEST(ResultReader, KnowsJsonThatIsNoResult) {
  EXPECT_THAT(failure_of("[1, 2]"), HasSubstr("a.json:1: is no result"));
  EXPECT_THAT(failure_of(R"({"name": "x"})"), HasSubstr("a.json:1: is no result"));
}

TEST(ResultReader, NamesAMissingKey) {
  EXPECT_EQ(failure_after([](ordered_json& json) { json["requests"].erase("timed_out"); }),
            "a.json:1: requests.timed_out: is missing");
  EXPECT_EQ(failure_after([](ordered_json& json) { json["steps"][1]["response_time_us"].erase("censored"); }),
            "a.json:1: steps.1.response_time_us.censored: is missing");
}

TEST(ResultReader, ReadsAResultFromBeforeDetoursAndTimelinesWereKept) {
  ordered_json json = to_json(rich_result());
  json.erase("detour");
  json.erase("timeline");
  const auto read = read_result(json.dump(), "a.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->detour, "");
  EXPECT_EQ(read->timeline, RunSeries{});
}

TEST(ResultReader, ReadsAResultFromBeforeTheTimesOfErrorsWereKeptApart) {
  ordered_json json = to_json(rich_result());
  json["histograms"].erase("unwanted_response_time");
  json["rate"].erase("unwanted_in_window");
  const auto read = read_result(json.dump(), "a.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->record.unwanted_response_time);
  EXPECT_EQ(read->record.unwanted_in_window, 6u) << "all of them, as far as can be told";
  json["rate"]["completed_in_window"] = 5;
  EXPECT_EQ(read_result(json.dump(), "a.json")->record.unwanted_in_window, 5u);
}

TEST(ResultReader, RefusesMoreErrorsThanResponses) {
  EXPECT_EQ(failure_after([](ordered_json& json) { json["rate"]["unwanted_in_window"] = 299; }),
            "a.json:1: rate.unwanted_in_window: must not be above completed_in_window");
  EXPECT_EQ(failure_after([](ordered_json& json) {
              json["histograms"]["unwanted_response_time"] = json["histograms"]["schedule_lag"];
            }),
            "a.json:1: histograms.unwanted_response_time: must hold no more than response_time");
}

TEST(ResultReader, RefusesATimelineWhoseListsAreNotOfOneLength) {
  EXPECT_EQ(failure_after([](ordered_json& json) { json["timeline"]["errors"].push_back(1); }),
            "a.json:1: timeline.errors: must be as long as 'ended'");
}

TEST(ResultReader, RefusesValuesThatCannotBe) {
  const auto after = [](const char* key, const ordered_json& value) {
    return failure_after([&](ordered_json& json) { json[key] = value; });
  };
  EXPECT_EQ(after("window_s", 1e300), "a.json:1: window_s: must be a time from 0 to 31 years");
  EXPECT_EQ(after("timeout_ms", -1), "a.json:1: timeout_ms: must be a time from 0 to 31 years");
  EXPECT_THAT(after("started_at", "yesterday"), HasSubstr("started_at: must be a time in UTC"));
  EXPECT_EQ(after("threads", 1ull << 40), "a.json:1: threads: must be 1000000 at most");
  EXPECT_EQ(failure_after([](ordered_json& json) { json["rate"]["offered"] = -5; }),
            "a.json:1: rate.offered: must be 0 or more");
}

TEST(ResultReader, NamesAValueOfTheWrongType) {
  EXPECT_EQ(failure_after([](ordered_json& json) { json["requests"]["sent"] = -1; }),
            "a.json:1: requests.sent: must be a whole number, 0 or more; found -1");
  EXPECT_THAT(failure_after([](ordered_json& json) { json["steps"] = 3; }), HasSubstr("steps: must be a list"));
  EXPECT_THAT(failure_after([](ordered_json& json) { json["errors"]["gremlins"] = 3; }),
              HasSubstr("errors.gremlins: is no kind of error"));
  EXPECT_THAT(failure_after([](ordered_json& json) { json["statuses"] = {{"OK", 3}}; }), HasSubstr("is no status"));
  EXPECT_THAT(failure_after([](ordered_json& json) { json["histograms"]["service_time"] = "HISTFA"; }),
              HasSubstr("histograms.service_time: damaged histogram"));
  EXPECT_THAT(failure_after([](ordered_json& json) { json["split"]["classes"][0]["class"] = 172; }),
              HasSubstr("split.classes.0: is no class"));
}

}  // namespace
}  // namespace waitlab::client
