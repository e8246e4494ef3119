#include "client/fleet/message.hpp"
#include "tests/unit/client/format/sample_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace waitlab::client::fleet {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto no_object = "what came is no JSON object";

std::string worker_failure(const std::string& text) {
  const auto message = decode_from_worker(text);
  return message ? "read it" : message.error().message;
}

std::string collector_failure(const std::string& text) {
  const auto message = decode_from_collector(text);
  return message ? "read it" : message.error().message;
}

/// What is said of a good message once `change` has spoiled it.
template <class Change>
std::string failure_after(const FromWorker& message, Change change) {
  json spoiled = json::parse(encode(message));
  change(spoiled);
  return worker_failure(spoiled.dump());
}

template <class Change>
std::string order_failure_after(Change change) {
  LoadOptions load;
  load.headers = {{"A", "1"}};
  load.targets = {RequestTemplate{}};
  load.rate = 10;
  json spoiled = json::parse(encode(FromCollector(Order{load, false})));
  change(spoiled["load"]);
  return collector_failure(spoiled.dump());
}

Outcome good_outcome() {
  return {.result = rich_result(), .arrivals = ArrivalTally::Sums{}};
}

TEST(MessageFailure, IsTextThatIsNoJsonObject) {
  for (const char* const text : {"", " ", "{", "}", "[1, 2]", "3", "null", "\"register\"", "register", "{\"type\"}",
                                 "{\"type\": \"ready\"} {}", "{\"type\": \"ready\",}", "\xFF\xFE", "{\"a\": \"\xFF\"}",
                                 "{'type': 'ready'}", "/* */ {\"type\": \"ready\"}"}) {
    EXPECT_EQ(worker_failure(text), no_object) << text;
    EXPECT_EQ(collector_failure(text), no_object) << text;
  }
}

TEST(MessageFailure, IsAMessageWithoutAType) {
  EXPECT_EQ(worker_failure("{}"), "message: type: is missing");
  EXPECT_EQ(worker_failure(R"({"Type": "ready"})"), "message: type: is missing");
  EXPECT_EQ(worker_failure(R"({"type": 3})"), "message: type: must be a text; found 3");
  EXPECT_EQ(worker_failure(R"({"type": null})"), "message: type: must be a text; found null");
}

TEST(MessageFailure, IsATypeThatIsNotTheOtherSides) {
  for (const char* const type : {"stop", "READY", "", "order", "outcome2"}) {
    EXPECT_THAT(worker_failure(json({{"type", type}}).dump()),
                AllOf(StartsWith("message: type: must be \"register\", "), EndsWith(" or \"outcome\"")));
  }
  for (const char* const type : {"ready", "register", "outcome"}) {
    EXPECT_THAT(collector_failure(json({{"type", type}}).dump()),
                AllOf(StartsWith("message: type: must be \"challenge\", "), EndsWith(" or \"bye\"")));
  }
}

/// That each member of the message is missed, and none is taken that is a list.
void expect_all_needed(const std::string& text, std::string (*failure_of)(const std::string&)) {
  const json whole = json::parse(text);
  for (const auto& [key, value] : whole.items()) {
    json lacking = whole;
    lacking.erase(key);
    EXPECT_EQ(failure_of(lacking.dump()), "message: " + key + ": is missing");
    json other = whole;
    other[key] = json::array({json::array()});
    EXPECT_THAT(failure_of(other.dump()), StartsWith("message: " + key)) << text;
  }
}

TEST(MessageFailure, IsAnyMemberThatIsMissingOrOfAnotherType) {
  for (const FromCollector& message :
       {FromCollector(Challenge{}), FromCollector(Refusal{}), FromCollector(Welcome{}), FromCollector(Ping{}),
        FromCollector(Order{}), FromCollector(Start{}), FromCollector(Stop{}), FromCollector(Bye{})})
    expect_all_needed(encode(message), collector_failure);
  for (const FromWorker& message : {FromWorker(Registration{}), FromWorker(Pong{}), FromWorker(Ready{}),
                                    FromWorker(CannotRun{}), FromWorker(Started{}), FromWorker(Progress{}),
                                    FromWorker(Slices{}), FromWorker(Rows{}), FromWorker(good_outcome())})
    expect_all_needed(encode(message), worker_failure);
}

TEST(MessageFailure, IsAnyMemberOfALoadThatIsMissing) {
  const json order = json::parse(encode(FromCollector(Order{})));
  for (const auto& [key, value] : order["load"].items()) {
    json lacking = order;
    lacking["load"].erase(key);
    EXPECT_EQ(collector_failure(lacking.dump()), "message: load." + key + ": is missing");
  }
}

TEST(MessageFailure, NamesThePlaceInALoad) {
  EXPECT_EQ(order_failure_after([](json& load) { load["threads"] = "two"; }),
            "message: load.threads: must be a whole number, 0 or more; found \"two\"");
  EXPECT_EQ(order_failure_after([](json& load) { load["keep_alive"] = 1; }),
            "message: load.keep_alive: must be true or false; found 1");
  EXPECT_EQ(order_failure_after([](json& load) { load["arrivals"] = "pareto"; }),
            "message: load.arrivals: must be \"constant\" or \"poisson\"");
  EXPECT_EQ(order_failure_after([](json& load) { load["body"] = "no base64!"; }), "message: load.body: is no base64");
  EXPECT_EQ(order_failure_after([](json& load) { load["headers"][0].push_back(""); }),
            "message: load.headers.0: must be a name and a value");
  EXPECT_EQ(order_failure_after([](json& load) { load["targets"][0].erase("weight"); }),
            "message: load.targets.0.weight: is missing");
}

TEST(MessageFailure, IsANumberThatIsOutOfRange) {
  EXPECT_EQ(collector_failure(R"({"type": "ping", "sent": -1})"),
            "message: sent: must be a whole number, 0 or more; found -1");
  EXPECT_THAT(collector_failure(R"({"type": "ping", "sent": 18446744073709551616})"),
              StartsWith("message: sent: must be a whole number, 0 or more; found 1.8"));
  EXPECT_EQ(collector_failure(R"({"type": "ping", "sent": 1.5})"),
            "message: sent: must be a whole number, 0 or more; found 1.5");
  EXPECT_EQ(collector_failure(R"({"type": "ping", "sent": 1e999})"), no_object) << "and no number either";
  EXPECT_EQ(collector_failure(R"({"type": "welcome", "place": 4294967296, "places": 1})"),
            "message: place: must be 1000000 at most");
  EXPECT_EQ(order_failure_after([](json& load) { load["duration_ns"] = 1e300; }),
            "message: load.duration_ns: must be a time from 0 to 31 years");
  EXPECT_EQ(order_failure_after([](json& load) { load["warmup_ns"] = -1; }),
            "message: load.warmup_ns: must be a time from 0 to 31 years");
  EXPECT_EQ(order_failure_after([](json& load) { load["rate"] = -0.5; }), "message: load.rate: must be 0 or more");
}

TEST(MessageFailure, IsANumberThatItsPlaceCannotHold) {
  const FromWorker rows(Rows{{RequestRow{}}});
  EXPECT_EQ(failure_after(rows, [](json& message) { message["rows"][0]["status"] = 65'536; }),
            "message: rows.0.status: must be from 0 to 65535; found 65536");
  EXPECT_EQ(failure_after(rows, [](json& message) { message["rows"][0]["status"] = 65'535; }), "read it");
  EXPECT_EQ(failure_after(rows, [](json& message) { message["rows"][0]["step"] = 4'294'967'296; }),
            "message: rows.0.step: must be from 0 to 4294967295; found 4294967296");
}

TEST(MessageFailure, IsAHistogramOrAListThatIsDamaged) {
  const FromWorker slices(Slices{{Slice{}}});
  EXPECT_THAT(failure_after(slices, [](json& message) { message["slices"][0]["service_time"]["values"] = "HISTFA"; }),
              HasSubstr("slices.0.service_time.values: damaged histogram"));
  EXPECT_EQ(failure_after(good_outcome(), [](json& message) { message["arrivals"]["gaps"].erase(0); }),
            "message: arrivals.gaps: must be 200 counts");
  EXPECT_EQ(failure_after(good_outcome(), [](json& message) { message["arrivals"]["gaps"].push_back(0); }),
            "message: arrivals.gaps: must be 200 counts");
}

TEST(MessageFailure, IsAResultThatCannotBe) {
  EXPECT_THAT(failure_after(good_outcome(), [](json& message) { message["result"]["requests"]["sent"] = 400; }),
              HasSubstr("message: result.requests: does not add up: 400 were sent, and 306 ended"));
  EXPECT_THAT(failure_after(good_outcome(), [](json& message) { message["result"]["schema_version"] = 2; }),
              HasSubstr("message: result.schema_version: only 1 can be read"));
  EXPECT_EQ(failure_after(good_outcome(), [](json& message) { message["result"] = nullptr; }),
            "message: result: is no result that 'waitlab-client run --json' wrote");
  EXPECT_EQ(failure_after(good_outcome(), [](json& message) { message["result"]["steps"][1].erase("window_s"); }),
            "message: result.steps.1.window_s: is missing");
}

TEST(MessageFailure, IsNestingOfAnyDepth) {
  constexpr std::size_t deep = 100'000;
  const std::string nested = std::string(deep, '[') + std::string(deep, ']');
  std::string objects;
  for (std::size_t i = 0; i < deep; ++i)
    objects += "{\"type\":";
  EXPECT_EQ(worker_failure(std::string(deep, '[')), no_object);
  EXPECT_EQ(worker_failure(nested), no_object);
  EXPECT_EQ(worker_failure(objects), no_object);
  EXPECT_EQ(worker_failure(objects + "0" + std::string(deep, '}')), "message: type: must be a text; found an object");
  EXPECT_EQ(worker_failure(R"({"type": "started", "late_ns": )" + nested + "}"),
            "message: late_ns: must be a whole number, 0 or more; found a list");
  EXPECT_EQ(worker_failure(R"({"type": "slices", "slices": )" + nested + "}"),
            "message: slices.0: must be an object; found a list");
}

}  // namespace
}  // namespace waitlab::client::fleet
