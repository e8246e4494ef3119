#include "client/commands/run_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* plain_url = "http://127.0.0.1:8080/plain";

Result<std::variant<RunArguments, HelpText>> parse_run(std::vector<const char*> words) {
  words.insert(words.begin(), "run");
  return parse_run_arguments(static_cast<int>(words.size()), words.data());
}

RunArguments parsed_run(std::vector<const char*> words) {
  return std::get<RunArguments>(parse_run(std::move(words)).value());
}

TEST(RunArguments, HaveDefaults) {
  const RunArguments arguments = parsed_run({plain_url});
  EXPECT_EQ(arguments.load.url, plain_url);
  EXPECT_EQ(arguments.load.method, "GET");
  EXPECT_FALSE(arguments.load.rate);
  EXPECT_FALSE(arguments.files.json);
  EXPECT_EQ(arguments.load.command, std::string("waitlab-client run ") + plain_url);
}

TEST(RunArguments, ReadEveryFlag) {
  const RunArguments arguments = parsed_run(
      {"-c", "64",         "-d",      "3s",      "-n",     "100",       "-R",     "12.5",     "--max-connections",
       "64", "--arrivals", "poisson", "-t",      "2",      "--timeout", "500ms",  "--warmup", "1s",
       "-H", "A: b",       "-H",      "C:d",     "-m",     "POST",      "--body", "hello",    "--seed",
       "9",  "--json",     "-",       "--quiet", plain_url});
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
  const auto help = parse_run({"--help"});
  EXPECT_THAT(std::get<HelpText>(help.value()).text, HasSubstr("waitlab-client run -R 400"));
}

TEST(RunArguments, ShowHelpInEightyColumns) {
  std::istringstream lines(std::get<HelpText>(parse_run({"--help"}).value()).text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80u) << line;
}

TEST(RunArguments, TakeConnectionsForTheCapOfAnOpenLoop) {
  EXPECT_EQ(parsed_run({"-R", "5", "-c", "3", plain_url}).load.max_connections, 3u);
  EXPECT_EQ(parsed_run({"-R", "5", plain_url}).load.max_connections, 4096u);
}

struct BadLine {
  std::vector<const char*> words;
  const char* complaint;
};

class BadRunArguments : public testing::TestWithParam<BadLine> {};

TEST_P(BadRunArguments, AreRefusedInOneLine) {
  const auto arguments = parse_run(GetParam().words);
  ASSERT_FALSE(arguments);
  EXPECT_THAT(arguments.error().message, HasSubstr(GetParam().complaint));
  EXPECT_EQ(arguments.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    RunArguments, BadRunArguments,
    testing::Values(
        BadLine{{}, "url is required"}, BadLine{{"http:///x"}, "host is missing"},
        BadLine{{"-R", "-5", plain_url}, "rate -5 is out of range"},
        BadLine{{"-R", "0", plain_url}, "rate 0 is out of range"},
        BadLine{{"-R", "1e-300", plain_url}, "at least 0.001"},
        BadLine{{"-n", "-1", plain_url}, "--requests: -1 is negative"},
        BadLine{{"--seed", "-1", plain_url}, "--seed: -1 is negative"}, BadLine{{"-c", "-1", plain_url}, "is negative"},
        BadLine{{"--max-connections=-1", "-R", "9", plain_url}, "is negative"},
        BadLine{{"-t", "-1", plain_url}, "is negative"},
        BadLine{{"-c", "010", plain_url}, "--connections: '010' is no whole number"},
        BadLine{{"-n", "0x10", plain_url}, "--requests: '0x10' is no whole number"},
        BadLine{{"--seed", "18446744073709551616", plain_url}, "--seed: 18446744073709551616 is too large"},
        BadLine{{"--repeat", "0", plain_url}, "--repeat: give at least 1 and at most 100, not 0"},
        BadLine{{"--repeat", "2", "--csv", "a.csv", plain_url}, "--csv is of a single run; drop it or --repeat"},
        BadLine{{"-R", "0.001", "-n", "3000", plain_url}, "take longer than 720h"},
        BadLine{{"-R", "5", "-c", "3", "--max-connections", "4", plain_url}, "give one of them"},
        BadLine{{"--arrivals", "poisson", plain_url}, "no effect without --rate"},
        BadLine{{"--max-connections", "4", plain_url}, "no effect without --rate"},
        BadLine{{"-R", "nan", plain_url}, "rate nan is out of range"},
        BadLine{{"-c", "0", plain_url}, "connections must be"}, BadLine{{"-t", "0", plain_url}, "threads must be"},
        BadLine{{"-t", "3", "-c", "2", plain_url}, "3 threads cannot share"},
        BadLine{{"-n", "0", plain_url}, "requests must be"}, BadLine{{"-d", "10", plain_url}, "--duration:"},
        BadLine{{"-d", "0s", plain_url}, "duration must be"},
        BadLine{{"--timeout", "0s", plain_url}, "timeout must be"},
        BadLine{{"--timeout", "61m", plain_url}, "at most 1h"},
        BadLine{{"--arrivals", "even", plain_url}, "constant or poisson"},
        BadLine{{"--body-file", "/nonexistent", plain_url}, "cannot be read"},
        BadLine{{"--body-file", "/", plain_url}, "cannot be read"},
        BadLine{{"--body-file", "/dev/zero", plain_url}, "is longer than 64 MiB"},
        BadLine{{"-m", "HEAD", "--expect-body", "x", plain_url}, "no response to HEAD has a body"},
        BadLine{{"--ca-file", "ca.pem", plain_url}, "--ca-file has no effect with http://"},
        BadLine{{"--insecure", plain_url}, "--insecure has no effect with http://"},
        BadLine{{"-H", "nocolon", plain_url}, "has no colon"}, BadLine{{"-H", "a b: c", plain_url}, "is not valid"},
        BadLine{{"-H", "A: b\r\nC: d", plain_url}, "line break"},
        BadLine{{"-H", "A: b\x01", plain_url}, "control character"},
        BadLine{{"-H", "x-request-id: 1", plain_url}, "set by the client"},
        BadLine{{"-H", "content-LENGTH: 1", plain_url}, "set by the client"},
        BadLine{{"-H", "Host: a", "-H", "host: b", plain_url}, "'Host' is given twice"},
        BadLine{{"-H", "user-agent: a", "-H", "USER-AGENT: b", plain_url}, "'User-Agent' is given twice"},
        BadLine{{"--json=", "-q", plain_url}, "--json: the value is empty; give FILE"},
        BadLine{{"--csv", "", plain_url}, "--csv: the value is empty; give FILE"},
        BadLine{{"-d", "", plain_url}, "--duration: the value is empty; give DURATION"},
        BadLine{{"-c", "", plain_url}, "--connections: the value is empty; give N"},
        BadLine{{"--expect-body", "", plain_url}, "--expect-body: the value is empty; give a text"},
        BadLine{{"--body=", "--expect-body=", "-q", plain_url}, "--expect-body: the value is empty"},
        BadLine{{"--json", "-q", plain_url}, "--json: the value is missing before -q"},
        BadLine{{"--body", "--quiet", plain_url}, "--body: the value is missing before --quiet"},
        BadLine{{"-R=5", plain_url}, "'-R=5': a short flag has no =; write --rate=5"},
        BadLine{{"-R", "-5", plain_url}, "rate -5 is out of range"}, BadLine{{""}, "url: the value is empty; give URL"},
        BadLine{{"--targets=", plain_url}, "--targets: the value is empty; give FILE"},
        BadLine{{"-m", "G T", plain_url}, "method 'G T' is not valid"},
        BadLine{{"--frobnicate", plain_url}, "--frobnicate"}));

TEST(RunArguments, ReadWhatIsJudgedAndWritten) {
  const RunArguments arguments = parsed_run({"--threshold",
                                             "p99<200ms",
                                             "--threshold",
                                             "errors<1%",
                                             "--abort-on-fail",
                                             "--csv",
                                             "a",
                                             "--hdr-log",
                                             "b",
                                             "--hgrm",
                                             "c",
                                             "--prometheus",
                                             "d",
                                             "--no-tui",
                                             "--expect-status",
                                             "2xx",
                                             "--expect-status",
                                             "404",
                                             "--expect-body",
                                             "ok",
                                             "--no-keepalive",
                                             "--insecure",
                                             "https://127.0.0.1:8080/plain"});
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

TEST(RunArguments, TakeNothingBehindTheEqualsSignForAnEmptyText) {
  const RunArguments arguments = parsed_run({"--body=", "--no-keepalive", "-q", plain_url});
  EXPECT_EQ(arguments.load.body, "");
  EXPECT_EQ(arguments.load.expect.body, "");
  EXPECT_FALSE(arguments.load.keep_alive);
  EXPECT_TRUE(arguments.quiet);
}

TEST(RunArguments, ReadSteps) {
  const LoadOptions load = parsed_run({"--steps", "100,200.5", "--step-duration", "3s", "-c", "7", plain_url}).load;
  ASSERT_EQ(load.steps.size(), 2u);
  EXPECT_EQ(load.steps[1].from, 200.5);
  EXPECT_EQ(load.steps[1].to, 200.5);
  EXPECT_EQ(load.steps[1].duration, 3s);
  EXPECT_EQ(load.max_connections, 7u);
  EXPECT_TRUE(load.open_loop());
}

TEST(RunArguments, CutARampIntoTenParts) {
  const LoadOptions load = parsed_run({"--ramp", "100:1100:30s", plain_url}).load;
  ASSERT_EQ(load.steps.size(), 10u);
  EXPECT_EQ(load.steps[0].from, 100);
  EXPECT_EQ(load.steps[0].to, 200);
  EXPECT_EQ(load.steps[9].to, 1100);
  EXPECT_EQ(load.steps[9].duration, 3s);
}

TEST(RunArguments, RefuseASecondWordOnTheSchedule) {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
           {"--steps", "100", "-R", "5", plain_url},
           {"--steps", "100", "--ramp", "1:2:3s", plain_url},
           {"--steps", "100", "-d", "5s", plain_url},
           {"--ramp", "1:2:3s", "-n", "5", plain_url},
           {"--step-duration", "5s", plain_url},
           {"--abort-on-fail", plain_url},
       })
    EXPECT_FALSE(parse_run(words)) << words[0] << ' ' << words[2];
}

TEST(RunArguments, SayHowStepsRampsAndThresholdsAreWritten) {
  EXPECT_THAT(parse_run({"--steps", "100,,200", plain_url}).error().message, HasSubstr("--steps: '' is no rate"));
  EXPECT_THAT(parse_run({"--steps", "0", plain_url}).error().message, HasSubstr("rate 0 is out of range"));
  EXPECT_THAT(parse_run({"--ramp", "100:200", plain_url}).error().message, HasSubstr("write FROM:TO:DURATION"));
  EXPECT_THAT(parse_run({"--ramp", "100:200:5", plain_url}).error().message, HasSubstr("--ramp: "));
  EXPECT_THAT(parse_run({"--threshold", "p99", plain_url}).error().message, HasSubstr("--threshold: "));
  EXPECT_THAT(parse_run({"--expect-status", "ok", plain_url}).error().message, HasSubstr("write it like 200 or 2xx"));
}

}  // namespace
}  // namespace waitlab::client
