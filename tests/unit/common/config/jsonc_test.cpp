#include "common/config/jsonc.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace waitlab {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string error_of(const std::string& text) {
  const auto document = parse_jsonc(text, "a.jsonc");
  return document ? "accepted" : document.error().message;
}

TEST(Jsonc, ReadsJsonWithComments) {
  const auto document = parse_jsonc(R"({ // one
    "a": [1, -2, 2.5, null, true], /* two */ "b": {"c": "x"}
  })",
                                    "a.jsonc");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root, json::parse(R"({"a": [1, -2, 2.5, null, true], "b": {"c": "x"}})"));
  EXPECT_EQ(document->name, "a.jsonc");
}

TEST(Jsonc, KnowsTheLineOfEachPart) {
  const auto document = parse_jsonc("{\n\"a\": 1,\n\"b\": {\n\"c\":\n5\n},\n\"d\": [\n1\n,\n{\"e/f\": \"\"}]}\n", "f");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->where(json::json_pointer{""}), "f:1");
  EXPECT_EQ(document->where(json::json_pointer{"/a"}), "f:2");
  EXPECT_EQ(document->where(json::json_pointer{"/b"}), "f:3");
  EXPECT_EQ(document->where(json::json_pointer{"/b/c"}), "f:4");
  EXPECT_EQ(document->where(json::json_pointer{"/d/0"}), "f:8");
  EXPECT_EQ(document->where(json::json_pointer{"/d/1"}), "f:10");
  EXPECT_EQ(document->where(json::json_pointer{"/d/1/e~1f"}), "f:10");
}

TEST(Jsonc, PlacesAMissingPartWhereItsObjectIs) {
  const auto document = parse_jsonc("{\n\"a\": {}}", "f");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->where(json::json_pointer{"/a/b/c"}), "f:2");
}

TEST(Jsonc, RejectsADuplicateKeyAtAnyDepth) {
  EXPECT_EQ(error_of("{\"a\": 1,\n\"a\": 1}"), "a.jsonc:2: a: duplicate key; first given on line 1");
  EXPECT_EQ(error_of("{\"a\": [{}, {\"b\": {\"c\": 1,\n\n\"c\": 2}}]}"),
            "a.jsonc:3: a.1.b.c: duplicate key; first given on line 1");
}

TEST(Jsonc, AllowsTheSameKeyInDifferentObjects) {
  EXPECT_EQ(error_of(R"({"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]})"), "accepted");
}

TEST(Jsonc, PointsAtASyntaxError) {
  EXPECT_EQ(error_of("{\n  \"a\" 5}"),
            "a.jsonc:2:7: syntax error while parsing object separator - unexpected number literal; expected ':'");
  EXPECT_EQ(error_of("{\"a\": 1\n \"b\": 2}"),
            "a.jsonc:2:4: syntax error while parsing object - unexpected string literal; expected ',' or '}'");
  EXPECT_EQ(error_of("[1 2]"),
            "a.jsonc:1:4: syntax error while parsing array - unexpected number literal; expected ',' or ']'");
  EXPECT_EQ(error_of("{\"a\": tru}"), "a.jsonc:1:10: syntax error while parsing value - invalid literal");
  EXPECT_THAT(error_of(""), HasSubstr("a.jsonc:1:1: syntax error while parsing value - unexpected end of input"));
  EXPECT_THAT(error_of("{} x"), HasSubstr("a.jsonc:1:4: "));
  EXPECT_THAT(error_of("{ /* no end"), HasSubstr("missing closing '*/'"));
  EXPECT_EQ(error_of("[1e999]"), "a.jsonc:1:6: number overflow parsing '1e999'");
  EXPECT_THAT(error_of("{\"a\": \"\xff\"}"), HasSubstr("a.jsonc:1:8: syntax error"));
}

TEST(Jsonc, SaysThatATrailingCommaMustGo) {
  EXPECT_EQ(error_of("{\n\"a\": 1,\n}"), "a.jsonc:3:1: remove the comma before '}'");
  EXPECT_EQ(error_of("[1, ]"), "a.jsonc:1:5: remove the comma before ']'");
}

TEST(Jsonc, RejectsBottomlessNesting) {
  EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "accepted");
  EXPECT_EQ(error_of("\n" + std::string(100'000, '[')), "a.jsonc:2: nested deeper than 64 levels");
}

class JsoncFile : public testing::Test {
 protected:
  JsoncFile() {
    std::string name = (std::filesystem::temp_directory_path() / "waitlab-jsonc-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~JsoncFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(JsoncFile, IsNamedAsItWasGiven) {
  std::ofstream{folder_ / "ok.jsonc"} << "{\"a\":\n[1, 1e999]}";
  const auto document = read_jsonc(folder_ / "ok.jsonc");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message, (folder_ / "ok.jsonc").string() + ":2:9: number overflow parsing '1e999'");
}

TEST_F(JsoncFile, MustExist) {
  const auto document = read_jsonc(folder_ / "none.jsonc");
  ASSERT_FALSE(document);
  EXPECT_EQ(
      document.error().message,
      (folder_ / "none.jsonc").string() +
          ": cannot be opened: No such file or directory; check the path (in a container: what is mounted there)");
}

TEST_F(JsoncFile, MustNotBeADirectory) {
  const auto document = read_jsonc(folder_);
  ASSERT_FALSE(document);
  EXPECT_EQ(
      document.error().message,
      folder_.string() +
          ": is a directory; give the name of a JSON file (Docker makes a directory where a file to mount is missing)");
}

TEST_F(JsoncFile, MustHaveAnEnd) {
  const auto document = read_jsonc("/dev/zero");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message, "/dev/zero: is larger than 64 MiB; give the name of a JSON file");
}

}  // namespace
}  // namespace waitlab
