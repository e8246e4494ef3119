#include "client/commands/command_text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace waitlab::client {
namespace {

std::string text_of(std::vector<const char*> words) {
  words.insert(words.begin(), "run");
  return command_text("waitlab-client run", static_cast<int>(words.size()), words.data());
}

TEST(CommandText, CanBeTypedIntoAShell) {
  EXPECT_EQ(text_of({"-R", "400", "http://h:1/x?a=b&c", "--body", "it's", ""}),
            "waitlab-client run -R 400 'http://h:1/x?a=b&c' --body 'it'\\''s' ''");
}

TEST(CommandText, LeavesSecretsOut) {
  EXPECT_EQ(text_of({"-H", "Authorization: Bearer abc", "-Hcookie: a=b", "-H", "A: b"}),
            "waitlab-client run -H 'Authorization: ...' '-Hcookie: ...' -H 'A: b'");
}

}  // namespace
}  // namespace waitlab::client
