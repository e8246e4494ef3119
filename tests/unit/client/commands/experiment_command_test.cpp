#include "client/commands/experiment_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <sstream>

namespace waitlab::client {
namespace {

TEST(ExperimentArguments, TheHelpFitsIntoEightyColumns) {
  const std::array words{"experiment", "--help"};
  const auto parsed = parse_experiment_arguments(words.size(), words.data());
  ASSERT_TRUE(parsed);
  std::istringstream lines(std::get<HelpText>(*parsed).text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80U) << line;
}

TEST(ExperimentArguments, WhatIsGoneOnWithStaysAsItWasBegunAndWhereItIs) {
  for (const std::array<const char*, 5> words :
       {std::array{"experiment", "--resume", "results", "--quick", "--quiet"},
        std::array{"experiment", "--resume", "results", "--out", "elsewhere"}}) {
    const auto parsed = parse_experiment_arguments(words.size(), words.data());
    ASSERT_FALSE(parsed) << words[3];
    EXPECT_THAT(parsed.error().message, testing::StartsWith(std::string(words[3]) + " excludes --resume;"));
  }
}

}  // namespace
}  // namespace waitlab::client
