#include "client/commands/advise_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

Result<std::variant<AdviseArguments, HelpText>> parse_advise(std::vector<const char*> words) {
  words.insert(words.begin(), "advise");
  return parse_advise_arguments(static_cast<int>(words.size()), words.data());
}

std::string advise_refusal(std::vector<const char*> words) {
  words.insert(words.begin(), {"--slo", "p99<1s", "--rate", "4"});
  const auto parsed = parse_advise(std::move(words));
  return parsed ? "" : parsed.error().message;
}

TEST(AdviseArguments, ReadWhatIsAsked) {
  const auto arguments = std::get<AdviseArguments>(
      parse_advise({"--rate", "400", "--hold-mean", "50ms", "--slo", "p99<250ms", "--backend-concurrency", "30",
                    "--cpu-per-request", "200us", "--cpus", "3", "--verify", "--quick", "--json", "-"})
          .value());
  EXPECT_EQ(arguments.load.rate, 400);
  EXPECT_EQ(arguments.load.hold.text(), "exponential, mean 50ms");
  EXPECT_EQ(arguments.load.goal.quantile, 0.99);
  EXPECT_EQ(arguments.load.backend_concurrency, 30U);
  EXPECT_EQ(arguments.load.cpu_per_request, Seconds(200e-6));
  EXPECT_EQ(arguments.load.cpus, 3);
  EXPECT_TRUE(arguments.verify && arguments.quick);
  EXPECT_THAT(arguments.command, testing::EndsWith("--backend-concurrency 30 --cpu-per-request 200us --cpus 3"));
}

TEST(AdviseArguments, ScaleAnyDistributionToAMean) {
  const auto arguments =
      std::get<AdviseArguments>(parse_advise({"--rate", "4", "--slo", "p99<1s", "--hold-distribution", "bimodal",
                                              "--hold-parts", "9:10ms,1:300ms", "--hold-mean", "78ms"})
                                    .value());
  EXPECT_EQ(arguments.load.hold.text(), "bimodal, 90 % 20ms, 10 % 600ms");
}

TEST(AdviseArguments, SayWhatIsWrongAndWhatIsAllowed) {
  EXPECT_THAT(advise_refusal({}), HasSubstr("--hold-mean is missing"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "0ms"}), HasSubstr("nothing waits"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5"}), HasSubstr("--hold-mean: "));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5ms", "--hold-distribution", "parreto"}),
              HasSubstr("did you mean 'pareto'?"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5ms", "--hold-alpha", "2"}),
              HasSubstr("--hold-alpha is nothing to exponential holds"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5ms", "--hold-distribution", "lognormal", "--hold-p99", "9ms"}),
              HasSubstr("--hold-mean would change --hold-p99"));
  EXPECT_THAT(advise_refusal({"--hold-distribution", "lognormal", "--hold-p99", "9ms"}),
              HasSubstr("--hold-median of lognormal holds is missing"));
  EXPECT_THAT(advise_refusal({"--hold-distribution", "lognormal", "--hold-p99", "9ms", "--hold-median", "9ms"}),
              HasSubstr("--hold-p99 (9ms) is not above --hold-median (9ms)"));
  EXPECT_THAT(advise_refusal({"--hold-distribution", "bimodal", "--hold-parts", "9"}), HasSubstr("WEIGHT:TIME"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5ms", "--backend-concurrency", "0"}), HasSubstr("1 to 1000000"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5ms", "--cpus", "0"}), HasSubstr("more than 0"));
  EXPECT_THAT(advise_refusal({"--hold-mean", "5ms", "--quick"}), HasSubstr("--verify"));
  EXPECT_THAT(parse_advise({"--rate", "0", "--slo", "p99<1s", "--hold-mean", "5ms"}).error().message,
              HasSubstr("requests per second from 0.001 to 1000000"));
  EXPECT_THAT(parse_advise({"--rate", "4", "--slo", "max<1s", "--hold-mean", "5ms"}).error().message,
              HasSubstr("theory has no figure for 'max<1s'"));
}

TEST(AdviseArguments, HaveAHelpOfEightyColumns) {
  const auto parsed = parse_advise({"--help"});
  ASSERT_TRUE(parsed);
  std::istringstream lines(std::get<HelpText>(*parsed).text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80U) << line;
}

}  // namespace
}  // namespace waitlab::client
