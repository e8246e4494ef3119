#include "client/commands/capacity_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* wait_url = "http://127.0.0.1:8080/wait";

Result<std::variant<CapacityArguments, HelpText>> parse_capacity(std::vector<const char*> words) {
  words.insert(words.begin(), "capacity");
  return parse_capacity_arguments(static_cast<int>(words.size()), words.data());
}

std::string refusal(std::vector<const char*> words) {
  words.insert(words.end(), {"--threshold", "p99<1s", wait_url});
  const auto parsed = parse_capacity(std::move(words));
  return parsed ? "" : parsed.error().message;
}

TEST(CapacityArguments, HaveDefaultsOfTheirOwn) {
  const auto arguments = std::get<CapacityArguments>(parse_capacity({"--threshold", "p99<200ms", wait_url}).value());
  EXPECT_EQ(arguments.load.url, wait_url);
  EXPECT_EQ(arguments.load.arrivals, ArrivalKind::poisson);
  EXPECT_EQ(arguments.load.warmup, 1s);
  EXPECT_EQ(arguments.probe, 5s);
  EXPECT_EQ(arguments.range.from, 10);
  EXPECT_EQ(arguments.range.precision, 0.05);
  EXPECT_EQ(arguments.thresholds.at(0).text, "p99<200ms");
  EXPECT_EQ(arguments.load.command, std::string("waitlab-client capacity --threshold 'p99<200ms' ") + wait_url);
}

TEST(CapacityArguments, ReadEveryFlag) {
  const auto arguments = std::get<CapacityArguments>(
      parse_capacity({"--threshold", "p99<200ms",   "--threshold", "errors<1%", "--from", "50",         "--max-rate",
                      "800",         "--precision", "0.1",         "--probe",   "3s",     "--arrivals", "constant",
                      "--warmup",    "2s",          "-t",          "2",         "--json", "-",          wait_url})
          .value());
  EXPECT_EQ(arguments.thresholds.size(), 2u);
  EXPECT_FALSE(arguments.implied_threshold);
  EXPECT_EQ(arguments.range.from, 50);
  EXPECT_EQ(arguments.range.most, 800);
  EXPECT_EQ(arguments.range.precision, 0.1);
  EXPECT_EQ(arguments.probe, 3s);
  EXPECT_EQ(arguments.load.arrivals, ArrivalKind::constant);
  EXPECT_EQ(arguments.load.warmup, 2s);
  EXPECT_EQ(arguments.load.threads, 2u);
  EXPECT_EQ(arguments.json_file, "-");
}

TEST(CapacityArguments, WantAThreshold) {
  EXPECT_THAT(parse_capacity({wait_url}).error().message, HasSubstr("--threshold"));
}

TEST(CapacityArguments, ImplyThatFewRequestsMayFail) {
  const auto arguments = std::get<CapacityArguments>(parse_capacity({"--threshold", "p99<1s", "-q", wait_url}).value());
  ASSERT_EQ(arguments.thresholds.size(), 2u);
  EXPECT_EQ(arguments.thresholds[1].text, "errors<1%");
  EXPECT_EQ(arguments.thresholds[1].limit, 0.01);
  EXPECT_EQ(arguments.implied_threshold, "errors<1%");
  EXPECT_TRUE(arguments.quiet);
  const auto counted = std::get<CapacityArguments>(parse_capacity({"--threshold", "errors<=5", wait_url}).value());
  EXPECT_EQ(counted.thresholds.size(), 1u);
}

TEST(CapacityArguments, RefuseWhatMakesNoSense) {
  EXPECT_THAT(refusal({"--from", "100", "--max-rate", "50"}), HasSubstr("--max-rate 50 is below --from 100"));
  EXPECT_THAT(refusal({"--precision", "0"}), HasSubstr("--precision"));
  EXPECT_THAT(refusal({"--precision", "nan"}), HasSubstr("--precision"));
  EXPECT_THAT(refusal({"--from", "0"}), HasSubstr("--from: rate 0"));
  EXPECT_THAT(refusal({"--from", "nan"}), HasSubstr("--from: rate nan"));
  EXPECT_THAT(refusal({"--max-rate", "1e9"}), HasSubstr("--max-rate: rate 1000000000"));
  EXPECT_THAT(refusal({"--max-rate", "inf"}), HasSubstr("--max-rate: rate inf"));
  EXPECT_THAT(refusal({"--probe", "0s"}), HasSubstr("--probe: duration"));
  EXPECT_THAT(refusal({"--warmup", "1000h"}), StartsWith("warmup"));
  EXPECT_THAT(refusal({"--threshold", "p99<5"}), HasSubstr("--threshold"));
}

TEST(CapacityArguments, HelpFitsATerminal) {
  const std::string help = std::get<HelpText>(parse_capacity({"--help"}).value()).text;
  EXPECT_THAT(help, HasSubstr("poisson"));
  EXPECT_THAT(help, HasSubstr("errors<1%"));
  EXPECT_THAT(help, HasSubstr("Exit codes"));
}

}  // namespace
}  // namespace waitlab::client
