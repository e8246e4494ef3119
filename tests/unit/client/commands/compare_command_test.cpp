#include "client/commands/compare_command.hpp"

#include "common/text/wrap.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <sstream>

namespace waitlab::client {
namespace {

Result<std::variant<CompareArguments, HelpText>> parse_compare(std::vector<const char*> words) {
  words.insert(words.begin(), "compare");
  return parse_compare_arguments(static_cast<int>(words.size()), words.data());
}

CompareArguments parsed_compare(const std::vector<const char*>& words) {
  return std::get<CompareArguments>(parse_compare(words).value());
}

TEST(CompareArguments, AreTwoSidesAndAllFiguresByDefault) {
  const CompareArguments arguments = parsed_compare({"a.json,b.json", "folder"});
  EXPECT_EQ(arguments.a, "a.json,b.json");
  EXPECT_EQ(arguments.b, "folder");
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(all_figures, "", &Figure::word)),
            all_figures.size() - arguments.figures.size());
  EXPECT_FALSE(arguments.json_file);
}

TEST(CompareArguments, KeepTheOrderOfTheFigures) {
  const auto arguments = parsed_compare({"--figure", "errors", "--figure", "p99", "a", "b", "--json", "-"});
  EXPECT_EQ(arguments.figures, (std::vector{Metric::p99, Metric::errors}));
  EXPECT_EQ(arguments.json_file, "-");
}

TEST(CompareArguments, RefuseWhatIsNotKnownInOneLine) {
  for (const auto& words : std::vector<std::vector<const char*>>{
           {"a"}, {}, {"a", "b", "c"}, {"a", "b", "--figure", "p98"}, {"a", "b", "--wrong"}}) {
    const auto result = parse_compare(words);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message.find('\n'), std::string::npos) << result.error().message;
    EXPECT_NE(result.error().message.find("see waitlab-client compare --help"), std::string::npos);
  }
  EXPECT_NE(parse_compare({"a", "b", "--figure", "p98"}).error().message.find("p999"), std::string::npos)
      << "what is known";
}

TEST(CompareArguments, NameTheirMethodInAHelpOf80Columns) {
  const auto help = std::get<HelpText>(parse_compare({"--help"}).value()).text;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
  EXPECT_NE(help.find("Welch"), std::string::npos);
  EXPECT_NE(help.find("MOVER"), std::string::npos);
}

}  // namespace
}  // namespace waitlab::client
