#include "common/cli/command_line.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A program with a flag of each kind.
class CommandLine : public testing::Test {
 protected:
  CommandLine() : app_("", "program") {
    app_.add_option("words", words_);
    app_.add_option("--text", text_);
    app_.add_option("--texts", texts_)->allow_extra_args(false);
    app_.add_option("--file", file_)->type_name("FILE");
    app_.add_option("-n,--number", number_)->type_name("N");
    app_.add_option("-o,--out", out_)->type_name("DIR");
    app_.add_flag("-q,--quiet", quiet_);
  }

  /// What is wrong with the line; empty if nothing is.
  std::string parse(std::vector<const char*> line) {
    line.insert(line.begin(), "program");
    const auto help = parse_command_line(app_, static_cast<int>(line.size()), line.data());
    return help ? "" : help.error().message;
  }

  CLI::App app_;
  std::vector<std::string> words_, texts_;
  std::optional<std::string> file_, out_;
  std::string text_ = "unset";
  unsigned number_ = 7;
  bool quiet_ = false;
};

TEST_F(CommandLine, TakesNothingBehindAnEqualsSignForAnEmptyText) {
  EXPECT_EQ(parse({"--text=", "--quiet", "word"}), "");
  EXPECT_EQ(text_, "");
  EXPECT_TRUE(quiet_);
  EXPECT_THAT(words_, ElementsAre("word"));
}

TEST_F(CommandLine, TakesAnEmptyTextAsAWordOfItsOwn) {
  EXPECT_EQ(parse({"--text", "", "word"}), "");
  EXPECT_EQ(text_, "");
  EXPECT_THAT(words_, ElementsAre("word"));
}

TEST_F(CommandLine, TakesEveryEmptyTextOfSeveral) {
  EXPECT_EQ(parse({"--texts=", "--texts=a=", "--texts", "", "-q"}), "");
  EXPECT_THAT(texts_, ElementsAre("", "a=", ""));
  EXPECT_TRUE(quiet_);
}

TEST_F(CommandLine, RefusesAnEmptyValueOfWhatIsNoText) {
  EXPECT_EQ(parse({"--file=", "-q"}), "--file: the value is empty; give FILE; see program --help");
  EXPECT_EQ(parse({"--file", ""}), "--file: the value is empty; give FILE; see program --help");
  EXPECT_EQ(parse({"-n", ""}), "--number: the value is empty; give N; see program --help");
}

TEST_F(CommandLine, TakesNoFlagForTheValueOfTheOneBefore) {
  for (const char* flag : {"-q", "--quiet", "--file=x", "-qn5", "--quite", "-x", "--"}) {
    EXPECT_EQ(parse({"--file", flag}), fmt::format("--file: the value is missing before {0}; if that is it, write "
                                                   "--file={0}; see program --help",
                                                   flag));
  }
  EXPECT_THAT(parse({"-qo", "-q"}), HasSubstr("--out: the value is missing before -q"));
  EXPECT_THAT(parse({"--text", "--quiet"}), HasSubstr("--text: the value is missing before --quiet"));
  EXPECT_FALSE(file_);
}

TEST_F(CommandLine, TakesWhatBeginsWithADashWhereItIsMeant) {
  EXPECT_EQ(parse({"--file=-q", "--out", "-", "--text", "--boundary", "--texts", "-17"}), "");
  EXPECT_EQ(file_, "-q");
  EXPECT_EQ(out_, "-");
  EXPECT_EQ(text_, "--boundary");
  EXPECT_THAT(texts_, ElementsAre("-17"));
  EXPECT_FALSE(quiet_);
  EXPECT_EQ(parse({"--text", "--", "--file", "./-q"}), "");
  EXPECT_EQ(text_, "--");
  EXPECT_EQ(file_, "./-q");
}

TEST_F(CommandLine, LeavesTheEqualsSignToLongFlags) {
  EXPECT_EQ(parse({"-o=x"}), "'-o=x': a short flag has no =; write --out=x; see program --help");
  EXPECT_THAT(parse({"-qo=x"}), HasSubstr("write --out=x"));
  EXPECT_EQ(parse({"-ox=y"}), "");
  EXPECT_EQ(out_, "x=y");
}

TEST_F(CommandLine, RefusesAnEmptyValueOfAFlag) {
  EXPECT_EQ(parse({"--quiet=", "word"}), "--quiet takes no value; drop the =; see program --help");
}

TEST_F(CommandLine, LeavesWordsBehindTwoDashesAlone) {
  EXPECT_EQ(parse({"--text=a", "--", "--text="}), "");
  EXPECT_EQ(text_, "a");
  EXPECT_THAT(words_, ElementsAre("--text="));
}

TEST_F(CommandLine, NamesAnUnknownFlagWithAnEqualsSign) {
  EXPECT_THAT(parse({"--texxt=", "word"}), HasSubstr("--texxt="));
  EXPECT_THAT(texts_, IsEmpty());
}

}  // namespace
}  // namespace waitlab
