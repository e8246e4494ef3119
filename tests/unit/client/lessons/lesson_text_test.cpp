#include "client/lessons/lesson_text.hpp"

#include "client/lessons/plots.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <sstream>
#include <string>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::array<LessonAnswer, 2> yes_or_no{{{"yes", "it does"}, {"no", "it does not"}}};
constexpr Lesson some_lesson{.name = "some",
                             .idea = "an idea",
                             .takes = std::chrono::seconds(5),
                             .introduction = "Two things happen.",
                             .question = "Does the one stop the other?",
                             .answers = yes_or_no,
                             .how_it_lies = "Luck.",
                             .try_next = "another.",
                             .experiment = {},
                             .run = nullptr};

LessonTaken taken(const std::string& prediction) {
  LessonOutcome outcome;
  outcome.figures = {{"lost updates", "share", share_of(18, 20), share_reading(0.5), share_reading(0.47)},
                     {"of one CPU", "share", {}, {}, share_reading(0)}};
  outcome.answer = "yes";
  outcome.trace = "A  B\n";
  outcome.conclusion = "So it does.";
  return {&some_lesson, prediction, outcome, std::chrono::seconds(2)};
}

void expect_80_columns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

TEST(LessonText, AsksItsQuestionWithTheAnswersThatMayBePredicted) {
  EXPECT_THAT(lesson_question_text(some_lesson),
              HasSubstr("Does the one stop the other?\n  yes  it does\n  no   it does not\n"));
}

TEST(LessonText, SetsTheThreeFiguresSideBySide) {
  const std::string text = lesson_outcome_text(taken(""));
  EXPECT_THAT(text, HasSubstr("possible         likely           here\n"));
  EXPECT_THAT(text, HasSubstr("lost updates                             18 of 20           50 %           47 %\n"));
  EXPECT_THAT(text, HasSubstr("of one CPU                                                                  0 %\n"));
  expect_80_columns(text);
}

TEST(LessonText, HoldsThePredictionAgainstWhatWasSeen) {
  EXPECT_THAT(lesson_outcome_text(taken("yes")), HasSubstr("You predicted yes (it does), and so it was here."));
  EXPECT_THAT(lesson_outcome_text(taken("no")),
              HasSubstr("You predicted no (it does not); here it was yes (it does).\n\nWhat happened:\nA  B\n"));
  EXPECT_THAT(lesson_outcome_text(taken("")), HasSubstr("The answer here: yes (it does)."));
}

TEST(LessonText, SaysWhatIsMissingAndThatThereIsNoAnswer) {
  LessonTaken without = taken("no");
  without.outcome.answer.clear();
  without.outcome.missing = {"one CPU is too few."};
  const std::string text = lesson_outcome_text(without);
  EXPECT_THAT(text, HasSubstr("What was seen here allows no answer."));
  EXPECT_THAT(text, HasSubstr("Missing here: one CPU is too few."));
  EXPECT_THAT(text, Not(HasSubstr("You predicted")));
}

TEST(LessonText, TellsAClassItsResultsAsJson) {
  LessonsTaken all;
  all.started_at = "2026-01-02T03:04:05.678Z";
  all.lessons = {taken("no")};
  const auto json = to_json(all);
  const auto& lesson = json.at("lessons").at(0);
  EXPECT_EQ(lesson.at("prediction"), "no");
  EXPECT_EQ(lesson.at("answer"), "yes");
  EXPECT_EQ(lesson.at("right"), false);
  EXPECT_EQ(lesson.at("/figures/0/possible/text"_json_pointer), "18 of 20");
  EXPECT_TRUE(lesson.at("/figures/1/likely"_json_pointer).is_null());
}

TEST(LessonText, DrawsBarsAsLongAsTheirFigures) {
  EXPECT_EQ(bars_text({{"all", {2, "2"}}, {"half", {1, "1"}}, {"none", {0, "0"}}}),
            fmt::format("  all  {} 2\n  half {} 1\n  none  0\n", std::string(69, '#'), std::string(35, '#')));
  expect_80_columns(bars_text({{"all", {2, "2"}}, {"half", {1, "1"}}}));
}

}  // namespace
}  // namespace waitlab::client
