#include "common/text/text_table.hpp"

#include <gtest/gtest.h>

namespace waitlab {
namespace {

constexpr auto left = TableColumn::Side::left;

TEST(TextTable, SetsTextsAtTheirSides) {
  TextTable table({{8, left}, {6}, {6}});
  table.add({"", "a", "b"});
  table.add({"x", "1", "2"});
  EXPECT_EQ(table.text(),
            "             a     b\n"
            "x            1     2\n");
}

TEST(TextTable, WidensAColumnInAllLinesWhereOneTextFillsIt) {
  TextTable table({{4, left}, {6}, {6}});
  table.add({"x", "814.003", "16.002"});
  table.add({"xyzuv", "1", "2"});
  EXPECT_EQ(table.text(),
            "x     814.003 16.002\n"
            "xyzuv       1      2\n");
}

TEST(TextTable, KeepsLeftColumnsApart) {
  TextTable table({{2, left}, {2, left}, {3}});
  table.add({"ab", "cd", "e"});
  table.add({"abc", "def", "gh"});
  EXPECT_EQ(table.text(),
            "ab  cd   e\n"
            "abc def gh\n");
}

TEST(TextTable, CountsCharactersAndNotBytes) {
  TextTable table({{3, left}, {4}});
  table.add({"ä", "µs"});
  EXPECT_EQ(table.text(), "ä    µs\n");
}

TEST(TextTable, MayEndALineEarlyOrGoOnBehindTheTable) {
  TextTable table({{4, left}, {4}, {4}});
  table.add({"a"}, "  not measured");
  table.add({"b", "1", "2"}, " !");
  table.add({"c", "1"});
  EXPECT_EQ(table.text(),
            "a     not measured\n"
            "b      1   2 !\n"
            "c      1\n");
}

TEST(TextTable, RulesOffFromEndToEnd) {
  TextTable table({{6, left}, {6}});
  table.add_rule("5/s");
  table.add({"a", "1234567890"});
  EXPECT_EQ(table.text(),
            "-- 5/s ----------\n"
            "a      1234567890\n");
}

}  // namespace
}  // namespace waitlab
