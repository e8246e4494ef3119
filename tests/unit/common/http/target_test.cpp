#include "common/http/target.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

auto parameters_of(std::string_view target) {
  return target_parameters(target).value();
}

TEST(TargetPath, IsAllBeforeTheQuery) {
  EXPECT_EQ(target_path("/wait?delay=1ms"), "/wait");
  EXPECT_EQ(target_path("/wait"), "/wait");
  EXPECT_EQ(target_path("/a%20b?c?d"), "/a%20b");
  EXPECT_EQ(target_path("/?"), "/");
  EXPECT_EQ(target_path("*"), "*");
}

TEST(TargetPath, HasTwoHexadecimalDigitsBehindEachPercent) {
  for (const char* path : {"", "/", "/%00", "/%fF%20x%41"})
    EXPECT_TRUE(are_escapes_valid(path)) << path;
  for (const char* path : {"%", "/%", "/%4", "/%4g", "/%g4", "/%%41", "/%41%"})
    EXPECT_FALSE(are_escapes_valid(path)) << path;
}

std::string decoded(std::string target) {
  return std::string(decode_unreserved(target));
}

TEST(TargetPath, IsDecodedInPlaceWhereThatChangesNoMeaning) {
  EXPECT_EQ(decoded("/%7E%61%5a%30?%61"), "/~aZ0?%61");
  EXPECT_EQ(decoded("/%2F%00%25%3f%61"), "/%2F%00%25%3fa");
  EXPECT_EQ(decoded("%41"), "A");
  EXPECT_EQ(decoded("/plain"), "/plain");
  EXPECT_EQ(decoded(""), "");
}

TEST(TargetParameters, ComeInOrder) {
  EXPECT_THAT(parameters_of("/wait?b=2&a=1&b=3"), ElementsAre(Pair("b", "2"), Pair("a", "1"), Pair("b", "3")));
}

TEST(TargetParameters, AreNoneWithoutAQuery) {
  EXPECT_THAT(parameters_of("/wait"), IsEmpty());
  EXPECT_THAT(parameters_of("/wait?"), IsEmpty());
  EXPECT_THAT(parameters_of("/wait?&&"), IsEmpty());
}

TEST(TargetParameters, MayHaveNoValue) {
  EXPECT_THAT(parameters_of("/?a&b=&c=d=e"), ElementsAre(Pair("a", ""), Pair("b", ""), Pair("c", "d=e")));
}

TEST(TargetParameters, AreDecodedAfterTheyAreSplit) {
  EXPECT_THAT(parameters_of("/?%61=%26%3D%20x&b=%C3%a4"), ElementsAre(Pair("a", "&= x"), Pair("b", "\u00e4")));
}

TEST(TargetParameters, AreReadAsTheyWereEscaped) {
  const std::string any = "a-Z_0.~ &=%+/?#\r\n\xc3\xa4";
  std::string target = "/?a=";
  append_escaped(target, any);
  EXPECT_THAT(target, testing::StartsWith("/?a=a-Z_0.~%20%26%3D%25%2B%2F%3F%23%0D%0A%C3%A4"));
  EXPECT_THAT(parameters_of(target), ElementsAre(Pair("a", any)));
}

TEST(TargetParameters, EndWithTheTarget) {
  const std::string_view text = "/?a=1%41&b=2";
  EXPECT_THAT(parameters_of(text.substr(0, 8)), ElementsAre(Pair("a", "1A")));
  EXPECT_FALSE(target_parameters(text.substr(0, 7)));
}

TEST(TargetParameters, RefuseAMalformedEscape) {
  for (const char* target : {"/?a=%", "/?a=%4", "/?a=%4g", "/?%zz=1"})
    EXPECT_FALSE(target_parameters(target)) << target;
  EXPECT_EQ(target_parameters("/?a=%4g&b=1").error().message, "the query is malformed: a=%4g");
}

}  // namespace
}  // namespace waitlab
