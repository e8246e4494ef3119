#include "client/commands/run_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* url = "http://127.0.0.1:8080/plain";

Result<std::variant<RunArguments, HelpText>> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "run");
  return parse_run_arguments(static_cast<int>(words.size()), words.data());
}

RunArguments parsed(std::vector<const char*> words) {
  return std::get<RunArguments>(parse(std::move(words)).value());
}

TEST(RunArguments, HaveDefaults) {
  const RunArguments arguments = parsed({url});
  EXPECT_EQ(arguments.load.url, url);
  EXPECT_EQ(arguments.load.method, "GET");
  EXPECT_FALSE(arguments.load.rate);
  EXPECT_FALSE(arguments.files.json);
  EXPECT_EQ(arguments.load.command, std::string("waitlab-client run ") + url);
}

TEST(RunArguments, ReadEveryFlag) {
  const RunArguments arguments =
      parsed({"-c", "64",         "-d",      "3s",      "-n", "100",       "-R",     "12.5",     "--max-connections",
              "64", "--arrivals", "poisson", "-t",      "2",  "--timeout", "500ms",  "--warmup", "1s",
              "-H", "A: b",       "-H",      "C:d",     "-m", "POST",      "--body", "hello",    "--seed",
              "9",  "--json",     "-",       "--quiet", url});
  const LoadOptions& load = arguments.load;
  EXPECT_EQ(load.duration, 3s);
  EXPECT_EQ(load.requests, 100u);
  EXPECT_EQ(load.rate, 12.5);
  EXPECT_EQ(load.max_connections, 64u);
  EXPECT_EQ(load.arrivals, ArrivalKind::poisson);
  EXPECT_EQ(load.threads, 2u);
  EXPECT_EQ(load.timeout, 500ms);
  EXPECT_EQ(load.warmup, 1s);
  ASSERT_EQ(load.headers.size(), 2u);
  EXPECT_EQ(load.headers[0], std::make_pair(std::string("A"), std::string("b")));
  EXPECT_EQ(load.headers[1], std::make_pair(std::string("C"), std::string("d")));
  EXPECT_EQ(load.method, "POST");
  EXPECT_EQ(load.body, "hello");
  EXPECT_EQ(load.seed, 9u);
  EXPECT_EQ(arguments.files.json, "-");
  EXPECT_TRUE(arguments.quiet);
}

TEST(RunArguments, OfferHelpWithExamples) {
  const auto help = parse({"--help"});
  EXPECT_THAT(std::get<HelpText>(help.value()).text, HasSubstr("waitlab-client run -R 400"));
}

TEST(RunArguments, ShowHelpInEightyColumns) {
  std::istringstream lines(std::get<HelpText>(parse({"--help"}).value()).text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80u) << line;
}

TEST(RunArguments, TakeConnectionsForTheCapOfAnOpenLoop) {
  EXPECT_EQ(parsed({"-R", "5", "-c", "3", url}).load.max_connections, 3u);
  EXPECT_EQ(parsed({"-R", "5", url}).load.max_connections, 4096u);
}

struct BadLine {
  std::vector<const char*> words;
  const char* complaint;
};

class BadRunArguments : public testing::TestWithParam<BadLine> {};

TEST_P(BadRunArguments, AreRefusedInOneLine) {
  const auto arguments = parse(GetParam().words);
  ASSERT_FALSE(arguments);
  EXPECT_THAT(arguments.error().message, HasSubstr(GetParam().complaint));
  EXPECT_EQ(arguments.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    RunArguments, BadRunArguments,
    testing::Values(
        BadLine{{}, "url is required"}, BadLine{{"http:///x"}, "host is missing"},
        BadLine{{"-R", "-5", url}, "rate -5 is out of range"}, BadLine{{"-R", "0", url}, "rate 0 is out of range"},
        BadLine{{"-R", "1e-300", url}, "at least 0.001"}, BadLine{{"-n", "-1", url}, "--requests: -1 is negative"},
        BadLine{{"--seed", "-1", url}, "--seed: -1 is negative"}, BadLine{{"-c", "-1", url}, "is negative"},
        BadLine{{"--max-connections=-1", "-R", "9", url}, "is negative"}, BadLine{{"-t", "-1", url}, "is negative"},
        BadLine{{"-R", "0.001", "-n", "3000", url}, "take longer than 720h"},
        BadLine{{"-R", "5", "-c", "3", "--max-connections", "4", url}, "give one of them"},
        BadLine{{"--arrivals", "poisson", url}, "no effect without --rate"},
        BadLine{{"--max-connections", "4", url}, "no effect without --rate"},
        BadLine{{"-R", "nan", url}, "rate nan is out of range"}, BadLine{{"-c", "0", url}, "connections must be"},
        BadLine{{"-t", "0", url}, "threads must be"}, BadLine{{"-t", "3", "-c", "2", url}, "3 threads cannot share"},
        BadLine{{"-n", "0", url}, "requests must be"}, BadLine{{"-d", "10", url}, "--duration:"},
        BadLine{{"-d", "0s", url}, "duration must be"}, BadLine{{"--timeout", "0s", url}, "timeout must be"},
        BadLine{{"--timeout", "61m", url}, "at most 1h"}, BadLine{{"--arrivals", "even", url}, "constant or poisson"},
        BadLine{{"--body-file", "/nonexistent", url}, "cannot be read"},
        BadLine{{"--body-file", "/", url}, "cannot be read"}, BadLine{{"-H", "nocolon", url}, "has no colon"},
        BadLine{{"-H", "a b: c", url}, "is not valid"}, BadLine{{"-H", "A: b\r\nC: d", url}, "line break"},
        BadLine{{"-H", "x-request-id: 1", url}, "set by the client"},
        BadLine{{"-m", "G T", url}, "method 'G T' is not valid"}, BadLine{{"--frobnicate", url}, "--frobnicate"}));

TEST(RunArguments, ReadWhatIsJudgedAndWritten) {
  const RunArguments arguments = parsed(
      {"--threshold",     "p99<200ms", "--threshold",     "errors<1%", "--abort-on-fail", "--csv", "a",
       "--hdr-log",       "b",         "--hgrm",          "c",         "--prometheus",    "d",     "--no-tui",
       "--expect-status", "2xx",       "--expect-status", "404",       "--expect-body",   "ok",    "--no-keepalive",
       "--insecure",      url});
  ASSERT_EQ(arguments.thresholds.size(), 2u);
  EXPECT_EQ(arguments.thresholds[1].text, "errors<1%");
  EXPECT_TRUE(arguments.abort_on_fail);
  EXPECT_EQ(arguments.files.csv, "a");
  EXPECT_EQ(arguments.files.hdr_log, "b");
  EXPECT_EQ(arguments.files.hgrm, "c");
  EXPECT_EQ(arguments.files.prometheus, "d");
  EXPECT_FALSE(arguments.tui);
  EXPECT_EQ(arguments.load.expect.statuses, (std::vector<std::string>{"2xx", "404"}));
  EXPECT_EQ(arguments.load.expect.body, "ok");
  EXPECT_FALSE(arguments.load.keep_alive);
  EXPECT_TRUE(arguments.load.tls.insecure);
}

TEST(RunArguments, ReadSteps) {
  const LoadOptions load = parsed({"--steps", "100,200.5", "--step-duration", "3s", "-c", "7", url}).load;
  ASSERT_EQ(load.steps.size(), 2u);
  EXPECT_EQ(load.steps[1].from, 200.5);
  EXPECT_EQ(load.steps[1].to, 200.5);
  EXPECT_EQ(load.steps[1].duration, 3s);
  EXPECT_EQ(load.max_connections, 7u);
  EXPECT_TRUE(load.open_loop());
}

TEST(RunArguments, CutARampIntoTenParts) {
  const LoadOptions load = parsed({"--ramp", "100:1100:30s", url}).load;
  ASSERT_EQ(load.steps.size(), 10u);
  EXPECT_EQ(load.steps[0].from, 100);
  EXPECT_EQ(load.steps[0].to, 200);
  EXPECT_EQ(load.steps[9].to, 1100);
  EXPECT_EQ(load.steps[9].duration, 3s);
}

TEST(RunArguments, RefuseASecondWordOnTheSchedule) {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
           {"--steps", "100", "-R", "5", url},
           {"--steps", "100", "--ramp", "1:2:3s", url},
           {"--steps", "100", "-d", "5s", url},
           {"--ramp", "1:2:3s", "-n", "5", url},
           {"--step-duration", "5s", url},
           {"--abort-on-fail", url},
       })
    EXPECT_FALSE(parse(words)) << words[0] << ' ' << words[2];
}

TEST(RunArguments, SayHowStepsRampsAndThresholdsAreWritten) {
  EXPECT_THAT(parse({"--steps", "100,,200", url}).error().message, HasSubstr("--steps: '' is no rate"));
  EXPECT_THAT(parse({"--steps", "0", url}).error().message, HasSubstr("rate 0 is out of range"));
  EXPECT_THAT(parse({"--ramp", "100:200", url}).error().message, HasSubstr("write FROM:TO:DURATION"));
  EXPECT_THAT(parse({"--ramp", "100:200:5", url}).error().message, HasSubstr("--ramp: "));
  EXPECT_THAT(parse({"--threshold", "p99", url}).error().message, HasSubstr("--threshold: "));
  EXPECT_THAT(parse({"--expect-status", "ok", url}).error().message, HasSubstr("write it like 200 or 2xx"));
}

}  // namespace
}  // namespace waitlab::client
