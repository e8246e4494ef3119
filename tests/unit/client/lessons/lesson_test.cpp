#include "client/lessons/lesson.hpp"

#include "common/text/wrap.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;

TEST(Lessons, HaveNamesOfTheirOwnAndTakeLessThanAMinute) {
  std::set<std::string_view> names;
  for (const Lesson* const lesson : all_lessons()) {
    EXPECT_TRUE(names.insert(lesson->name).second) << lesson->name;
    EXPECT_LE(lesson->takes.count(), 60) << lesson->name;
    EXPECT_LE(columns_of(lesson->idea), 42U) << lesson->name;
  }
}

TEST(Lessons, AskWhatHasSeveralAnswersEachOfOneWord) {
  for (const Lesson* const lesson : all_lessons()) {
    EXPECT_TRUE(lesson->question.ends_with('?')) << lesson->name;
    std::set<std::string_view> keys;
    for (const LessonAnswer& answer : lesson->answers) {
      EXPECT_TRUE(keys.insert(answer.key).second) << lesson->name << ": " << answer.key;
      EXPECT_EQ(answer.key.find(' '), std::string_view::npos) << lesson->name << ": " << answer.key;
    }
    EXPECT_GE(keys.size(), 2U) << lesson->name;
  }
}

TEST(Lessons, EachHasAPageAndAnExperimentThatIsThere) {
  const std::filesystem::path root = WAITLAB_SOURCE_DIR;
  for (const Lesson* const lesson : all_lessons()) {
    EXPECT_TRUE(std::filesystem::exists(root / "docs/lessons" / (std::string(lesson->name) + ".md"))) << lesson->name;
    if (lesson->experiment.empty()) continue;
    const auto experiment = root / "experiments" / (std::string(lesson->experiment) + ".jsonc");
    EXPECT_TRUE(std::filesystem::exists(experiment)) << lesson->name;
  }
}

TEST(Lessons, OneThatIsMisspeltIsRefusedWithTheNearest) {
  EXPECT_EQ(find_lesson("waiting").value()->name, "waiting");
  EXPECT_EQ(find_lesson("wating").error().message,
            "there is no lesson 'wating', did you mean 'waiting'?; waitlab-client lesson lists them");
}

TEST(Readings, HaveTheTextsThatPeopleRead) {
  EXPECT_EQ(time_reading(milliseconds(50)).text, "50 ms");
  EXPECT_EQ(time_reading(milliseconds(50)).value, 0.05);
  EXPECT_EQ(share_reading(0.125).text, "12.5 %");
  EXPECT_EQ(share_of(8, 184756).text, "8 of 184,756");
  EXPECT_EQ(share_of(18, 20).value, 0.9);
  EXPECT_EQ(count_reading(1234567).text, "1,234,567");
  EXPECT_EQ(count_reading(1.9).text, "1.9");
  EXPECT_EQ(rate_reading(999.6).text, "1,000/s");
  EXPECT_EQ(ratio_reading(2.14).text, "2.1 times");
  EXPECT_EQ(bytes_reading(28.3 * 1024).text, "28.3 KiB");
}

}  // namespace
}  // namespace waitlab::client
