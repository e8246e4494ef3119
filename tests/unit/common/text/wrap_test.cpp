#include "common/text/wrap.hpp"

#include <gtest/gtest.h>

namespace waitlab {
namespace {

TEST(Wrap, BreaksBetweenWords) {
  EXPECT_EQ(wrap("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(wrap("one two three", 13), "one two three\n");
  EXPECT_EQ(wrap("one two three", 12), "one two\nthree\n");
}

TEST(Wrap, LeavesAWordWholeThatIsTooLong) {
  EXPECT_EQ(wrap("a unbreakable b", 5), "a\nunbreakable\nb\n");
}

TEST(Wrap, IndentsLinesAfterTheFirst) {
  EXPECT_EQ(wrap("one two three", 9, 4), "one\n    two\n    three\n") << "the indent counts, on the first line as well";
}

TEST(Wrap, CountsCharactersNotBytes) {
  EXPECT_EQ(columns_of("✓ ≤ 3"), 5u);
  EXPECT_EQ(wrap("✓✓✓ ✓✓✓", 7), "✓✓✓ ✓✓✓\n");
}

}  // namespace
}  // namespace waitlab
