#include "client/experiment/last_words.hpp"

#include "tests/support/temporary_file.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

std::string last_words_of(const std::string& text) {
  const TemporaryFile log(".log");
  log.write(text);
  return last_words(log.path());
}

TEST(LastWords, AreTheLastLineThatIsNotBlank) {
  EXPECT_EQ(last_words_of("first\nsecond"), "second");
  EXPECT_EQ(last_words_of("first\nsecond\r\n\n \n"), "second");
  EXPECT_EQ(last_words_of("  indented\n"), "  indented");
  EXPECT_EQ(last_words_of(""), "");
  EXPECT_EQ(last_words_of("\n \n"), "");
  EXPECT_EQ(last_words("/nonexistent/log"), "");
}

TEST(LastWords, AreTextWhateverTheLineHolds) {
  EXPECT_EQ(last_words_of("gr\xc3\xbc\xc3\x9f dich \xff!"), "grüß dich \ufffd!");
  EXPECT_EQ(last_words_of("red \x1b[31m and\rback \xc2\x9b"
                          "1m\x7f."),
            "red  [31m and back  1m .");
  EXPECT_EQ(last_words_of(std::string("a\0b", 3)), "a b");
}

TEST(LastWords, OfALongLineAreItsBeginningAsFarAsItIsKnown) {
  std::string most;
  for (int character = 0; character < 300; ++character)
    most += "ü";
  EXPECT_EQ(last_words_of(most), most);
  EXPECT_EQ(last_words_of(most + "x"), most + "…");
  EXPECT_EQ(last_words_of(std::string(3'000'000, 'x')), std::string(300, 'x') + "…");
}

}  // namespace
}  // namespace waitlab::client
