#include "client/engine/request_template.hpp"

#include "tests/support/temporary_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace waitlab::client {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;

std::vector<RequestTemplate> targets_of(const std::string& text) {
  const TemporaryFile file(".jsonc");
  file.write(text);
  auto targets = read_targets_file(file.path());
  EXPECT_TRUE(targets) << targets.error().message;
  return targets ? *targets : std::vector<RequestTemplate>{};
}

std::string failure_of(const std::string& text) {
  const TemporaryFile file(".jsonc");
  file.write(text);
  const auto targets = read_targets_file(file.path());
  return targets ? "accepted" : targets.error().message;
}

TEST(TargetsFile, ReadsEveryKey) {
  const auto targets = targets_of(R"([
    // a comment
    {"method": "POST", "path": "/echo?a=1", "headers": {"Accept": "text/plain", "X-A": ""}, "body": "hello",
     "weight": 2.5},
    {}
  ])");
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].method, "POST");
  EXPECT_EQ(targets[0].path, "/echo?a=1");
  EXPECT_THAT(targets[0].headers, ElementsAre(Pair("Accept", "text/plain"), Pair("X-A", "")));
  EXPECT_EQ(targets[0].body, "hello");
  EXPECT_EQ(targets[0].weight, 2.5);
  EXPECT_EQ(targets[1].method, "GET");
  EXPECT_EQ(targets[1].path, "");
  EXPECT_EQ(targets[1].weight, 1);
}

TEST(TargetsFile, MayHoldTheListInAnObject) {
  EXPECT_EQ(targets_of(R"({"$schema": "s", "targets": [{"path": "/a"}]})").front().path, "/a");
  EXPECT_THAT(failure_of(R"({"target": []})"), HasSubstr(":1: target: unknown key; did you mean \"targets\"?"));
  EXPECT_THAT(failure_of("{}"), HasSubstr("targets: is missing"));
}

TEST(TargetsFile, FindsABodyFileBesideItself) {
  const TemporaryFile body(".txt");
  body.write("from a file");
  const std::string name = std::filesystem::path(body.path()).filename();
  EXPECT_EQ(targets_of(fmt::format(R"([{{"body_file": "{}"}}])", name)).front().body, "from a file");
  EXPECT_THAT(failure_of(R"([{"body_file": "not/there"}])"),
              AllOf(HasSubstr("0.body_file: '"), HasSubstr("not/there' cannot be read")));
  EXPECT_THAT(failure_of(fmt::format(R"([{{"body": "", "body_file": "{}"}}])", name)),
              EndsWith("0.body_file: body is given too; remove one of them"));
}

TEST(TargetsFile, RefusesAPathThatTheSystemWouldCutShort) {
  EXPECT_THAT(failure_of(R"([{"body_file": "/dev/null\u0000x"}])"),
              HasSubstr(R"(0.body_file: must be text without a NUL character; found "/dev/null\u0000x")"));
  EXPECT_EQ(targets_of(R"([{"body": "a\u0000b"}])").front().body, std::string("a\0b", 3)) << "a body is no word";
}

TEST(TargetsFile, NamesTheLineAndTheNearestKey) {
  EXPECT_THAT(failure_of("[\n{},\n{\"methd\": \"GET\"}]"),
              HasSubstr(":3: 1.methd: unknown key; did you mean \"method\"?"));
  EXPECT_THAT(failure_of(R"([{"path": "/a", "path": "/b"}])"), HasSubstr("0.path: duplicate key"));
}

TEST(TargetsFile, RefusesWrongTypes) {
  EXPECT_THAT(failure_of("1"), HasSubstr("must be a list; found 1"));
  EXPECT_THAT(failure_of("[1]"), HasSubstr("0: must be an object; found 1"));
  EXPECT_THAT(failure_of(R"([{"weight": "2"}])"), HasSubstr("0.weight: must be a number; found \"2\""));
  EXPECT_THAT(failure_of(R"([{"headers": {"A": 1}}])"), HasSubstr("0.headers.A: must be a text; found 1"));
  EXPECT_THAT(failure_of(R"([{"body": null}])"), HasSubstr("0.body: must be a text; found null"));
}

TEST(TargetsFile, RefusesWhatCannotBeSent) {
  EXPECT_THAT(failure_of(R"([{"path": "wait"}])"), HasSubstr(":1: 0: path 'wait' is not valid"));
  EXPECT_THAT(failure_of(R"([{"method": "G T"}])"), HasSubstr("0: method 'G T' is not valid"));
  EXPECT_THAT(failure_of(R"([{"weight": 0}])"), HasSubstr("0: weight 0"));
  EXPECT_THAT(failure_of(R"([{"headers": {"a b": ""}}])"), HasSubstr("0.headers.a b: header name"));
  EXPECT_THAT(failure_of(R"([{"headers": {"Content-Length": "1"}}])"), HasSubstr("set by the client"));
  EXPECT_THAT(failure_of(R"([{"headers": {"TRANSFER-encoding": "chunked"}}])"), HasSubstr("set by the client"));
  EXPECT_THAT(failure_of(R"([{"headers": {"Host": "a", "host": "b"}}])"),
              HasSubstr("0.headers.host: header 'Host' is given twice"));
}

TEST(TargetsFile, HoldsAtLeastOneTargetAndAtMost64) {
  std::string many = "[{}";
  for (int more = 1; more < 64; ++more)
    many += ",{}";
  EXPECT_EQ(targets_of(many + "]").size(), 64u);
  EXPECT_THAT(failure_of(many + ",{}]"), HasSubstr("must be a list of 1 to 64 targets; it has 65"));
  EXPECT_THAT(failure_of("[]"), HasSubstr("it has 0"));
}

TEST(TargetsFile, TellsAMissingFile) {
  EXPECT_THAT(read_targets_file("/nonexistent/mix.jsonc").error().message, HasSubstr("/nonexistent/mix.jsonc"));
}

TEST(TargetsFile, TheShippedSampleIsValid) {
  const auto targets = read_targets_file(WAITLAB_SOURCE_DIR "/experiments/targets.jsonc");
  ASSERT_TRUE(targets) << targets.error().message;
  EXPECT_GE(targets->size(), 2u);
}

}  // namespace
}  // namespace waitlab::client
