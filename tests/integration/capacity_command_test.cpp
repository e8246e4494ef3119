#include "client/commands/capacity_run.hpp"
#include "tests/integration/client_program.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

ScriptedAnswer not_found(const SeenRequest&) {
  return {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", ScriptedAnswer::Then::keep};
}

/// The words of a short search from this rate on.
std::vector<std::string> short_search(const std::string& url, const std::string& from, const std::string& most) {
  return {"capacity", "--probe", "300ms", "--warmup",   "300ms", "--arrivals",
          "constant", "--from",  from,    "--max-rate", most,    url};
}

Outcome search(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return run_client(std::move(words));
}

std::ptrdiff_t count_of(const std::string& text, const std::string& part) {
  std::ptrdiff_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

// How far the search comes hangs on the machine, and so does whether a probe is valid. What it says of itself does not.
void expect_consistent(const Outcome& outcome, const json& found) {
  EXPECT_EQ(count_of(outcome.output, "✓") + count_of(outcome.output, "✗") + count_of(outcome.output, "spoilt, does"),
            std::ptrdiff_t(found["probes"].size()));
  const bool server = found["gave_out"] == "server";
  const bool cut = found["spoilt"] || !found["not_recovered_from"].is_null();
  const int expected = cut                           ? 3
                       : server                      ? (found["highest_passed"].is_null() ? 4 : 0)
                       : found["gave_out"].is_null() ? 0
                                                     : 3;
  EXPECT_EQ(outcome.exit_code, expected) << outcome.output;
}

// 2 threads that hold each request for 20 ms serve 100/s and no more. 160/s, half a second long, leaves a backlog of
// 0.06 s/s: at 0.45 s, the middle of the window, a request waits 270 ms.
TEST(CapacityCommand, FindsNoMoreThanAPoolCanServe) {
  const RunningServer server(
      {"--set", "strategy=fixed-pool", "--set", "strategies.fixed-pool.threads=2", "--set", "backend.mode=timer"});
  const TemporaryFile file(".json");
  const auto words = short_search(server.url("/wait?delay=20ms"), "40", "2000");
  const Outcome outcome = search(words, {"--precision", "1", "--threshold", "p50<100ms", "--json", file.path()});
  const json found = json::parse(file.text());
  EXPECT_TRUE(fits_schema(file.path(), "capacity.schema.json")) << file.text();
  expect_consistent(outcome, found);
  const bool ended_early = found["spoilt"];
  const bool found_limit = found["lowest_failed"].is_number() && found["lowest_failed"] <= 160;
  EXPECT_TRUE(ended_early || found_limit) << found["lowest_failed"];
  for (const json& probe : found["probes"])
    EXPECT_TRUE(probe["rate"]["offered"] < 160 || probe["verdict"] != "passed") << probe;
  EXPECT_THAT(outcome.output, HasSubstr("Must hold: p50<100ms, errors<1% (errors<1% is implied)."));
  EXPECT_EQ(outcome.errors, "") << "no terminal, no progress";
}

TEST(CapacityCommand, CallsNoErrorAnswerServed) {
  const ScriptedServer server(not_found);
  const Outcome outcome =
      search(short_search(server.url("/typo"), "100", "100"), {"--threshold", "p50<1s", "--json", "-"});
  const json found = json::parse(outcome.output);
  EXPECT_TRUE(outcome.exit_code == 4 || outcome.exit_code == 3) << "3 where no probe is valid";
  EXPECT_TRUE(found["highest_passed"].is_null());
  ASSERT_GE(found["probes"].size(), 2u) << "more where some were spoilt";
  for (const json& probe : found["probes"]) {
    const bool explained = probe["why"].get<std::string>().starts_with("errors<1% is not met");
    EXPECT_TRUE(explained || !probe["valid"]) << probe;
    EXPECT_NE(probe["verdict"], "passed");
  }
  EXPECT_THAT(outcome.errors, HasSubstr("offered     achieved"));
}

TEST(CapacityCommand, IsSilentWhenQuiet) {
  const ScriptedServer server(not_found);
  const Outcome outcome = search(short_search(server.url(), "100", "100"), {"--threshold", "p50<1s", "-q"});
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_NE(outcome.exit_code, 0);
}

TEST(CapacityCommand, TellsUsageFromTrouble) {
  EXPECT_EQ(run_client({"capacity", "http://127.0.0.1:1/"}).exit_code, 2) << "without a threshold";
  const Outcome nobody = run_client({"capacity", "--threshold", "p50<1s", "http://127.0.0.1:1/"});
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.errors, HasSubstr("127.0.0.1:1"));
}

TEST(CapacityCommand, PrintsTheColumnsWhereNoSingleRequestCompletes) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{"", ScriptedAnswer::Then::close}; });
  const Outcome outcome = search(short_search(server.url(), "100", "100"), {"--threshold", "p50<1s"});
  EXPECT_THAT(outcome.output, HasSubstr("offered     achieved"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("One request at a time")));
}

// The first requests come one after the other, over one connection. A probe that failed is made once more, and in
// between the server comes to rest: single requests again.
TEST(CapacitySearchRun, LetsTheServerComeToRestBetweenProbes) {
  const ScriptedServer server(not_found);
  client::CapacityArguments arguments;
  arguments.load.url = server.url();
  arguments.load.warmup = 0s;
  arguments.range = {.from = 100, .most = 100};
  arguments.probe = 200ms;
  arguments.thresholds = {client::parse_threshold("errors<1").value()};
  std::string told;
  const client::SearchEvents events{.on_detour = {},
                                    .on_begin = [&told](const client::CapacityResult&) { told += "begin "; },
                                    .on_progress = {},
                                    .on_rest = [&told] { told += "rest "; },
                                    .on_probe = [&told](const client::Probe&) { told += "probe "; }};
  const auto found = client::search_capacity(arguments, {}, events);
  ASSERT_TRUE(found);
  EXPECT_THAT(told, testing::StartsWith("begin probe rest probe ")) << "spoilt or not";
  EXPECT_FALSE(found->highest_passed);
  const auto seen = server.requests();
  ASSERT_GT(seen.size(), 5u);
  for (unsigned i = 0; i < 5; ++i)
    EXPECT_EQ(seen[i].on_connection, i);
  std::set<std::string> seeds;
  for (const SeenRequest& request : seen) {
    const auto begin = request.text.find("X-Request-Id: ");
    seeds.insert(request.text.substr(begin, request.text.find('-', begin + 14) - begin));
  }
  EXPECT_GE(seeds.size(), 3U) << "of the single requests, and of each probe";
}

TEST(CapacitySearchRun, EndsWhenItIsTold) {
  const ScriptedServer server(not_found);
  client::CapacityArguments arguments;
  arguments.load.url = server.url();
  std::stop_source stop;
  const client::SearchEvents events{.on_detour = {},
                                    .on_begin = [&stop](const client::CapacityResult&) { stop.request_stop(); },
                                    .on_progress = {},
                                    .on_rest = {},
                                    .on_probe = {}};
  const auto found = client::search_capacity(arguments, stop.get_token(), events);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->interrupted);
  EXPECT_TRUE(found->probes.empty());
}

}  // namespace
}  // namespace waitlab
