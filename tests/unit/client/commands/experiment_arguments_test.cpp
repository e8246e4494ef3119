#include "client/commands/experiment_arguments.hpp"

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

}  // namespace
}  // namespace waitlab::client
