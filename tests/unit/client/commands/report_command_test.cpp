#include "client/commands/report_command.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::variant<ReportArguments, HelpText>> parse_report(std::vector<const char*> words) {
  words.insert(words.begin(), "report");
  return parse_report_arguments(static_cast<int>(words.size()), words.data());
}

ReportArguments parsed_report(const std::vector<const char*>& words) {
  return std::get<ReportArguments>(parse_report(words).value());
}

TEST(ReportArguments, PutThePageBesideItsResult) {
  EXPECT_EQ(parsed_report({"results/mine/result.json"}).out, "results/mine/report.html");
  EXPECT_EQ(parsed_report({"result.json"}).out, "report.html");
  EXPECT_EQ(parsed_report({"a/result.json", "-o", "page.html"}).out, "page.html");
}

TEST(ReportArguments, TakeAFolderForTheResultInIt) {
  const std::string folder = testing::TempDir();
  const ReportArguments arguments = parsed_report({folder.c_str()});
  EXPECT_EQ(arguments.results.front(), std::filesystem::path(folder) / "result.json");
  EXPECT_EQ(arguments.out, std::filesystem::path(folder) / "report.html");
}

TEST(ReportArguments, WantAFileForThePageOfSeveralResults) {
  EXPECT_THAT(parsed_report({"a.json", "b.json", "-o", "both.html"}).results, ElementsAre("a.json", "b.json"));
  EXPECT_THAT(parse_report({"a.json", "b.json"}).error().message, HasSubstr("give it a file with -o"));
}

TEST(ReportArguments, RefuseWhatIsNotKnownInOneLine) {
  for (const auto& words : std::vector<std::vector<const char*>>{{}, {"a.json", "--wrong"}, {"a.json", "-o"}}) {
    const auto result = parse_report(words);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("see waitlab-client report --help"));
  }
}

TEST(ReportArguments, HelpIn80Columns) {
  std::istringstream lines(std::get<HelpText>(parse_report({"--help"}).value()).text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

}  // namespace
}  // namespace waitlab::client
