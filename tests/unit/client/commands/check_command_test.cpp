#include "client/commands/check_command.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace waitlab::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::variant<CheckArguments, HelpText>> parse_check(std::vector<const char*> words) {
  words.insert(words.begin(), "check");
  return parse_check_arguments(static_cast<int>(words.size()), words.data());
}

TEST(CheckArguments, TakeResultsAndTheirLogs) {
  const auto arguments = std::get<CheckArguments>(
      parse_check({"a.json", "results/x", "--server-log", "s.csv", "--backend-log", "b.csv", "--threads", "8"})
          .value());
  EXPECT_THAT(arguments.results, ElementsAre("a.json", "results/x"));
  EXPECT_EQ(arguments.server_log, "s.csv");
  EXPECT_EQ(arguments.backend_log, "b.csv");
  EXPECT_EQ(arguments.threads, 8U);
}

TEST(CheckArguments, AreRefusedInOneLine) {
  EXPECT_FALSE(parse_check({}));
  EXPECT_FALSE(parse_check({"a.json", "--threads", "0"}));
  const auto unknown = parse_check({"a.json", "--log", "x"});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("check --help"));
  EXPECT_EQ(unknown.error().message.find('\n'), std::string::npos);
}

TEST(CheckArguments, LeaveItToTheServerToKnowTheStrategies) {
  for (const char* name : {"thread-per-request", "tortoise"})
    EXPECT_EQ(std::get<CheckArguments>(parse_check({"a.json", "--strategy", name}).value()).strategy, name);
}

TEST(CheckArguments, HaveAHelpThatFitsATerminalAndNamesTheMethod) {
  const std::string help = std::get<HelpText>(parse_check({"--help"}).value()).text;
  for (const char* word : {"Little", "replay", "Erlang-C", "M/G/inf", "400 simulated runs", "Exit codes"})
    EXPECT_THAT(help, HasSubstr(word));
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80U) << line;
}

}  // namespace
}  // namespace waitlab::client
