#include "client/fleet/admission.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

namespace waitlab::client::fleet {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

/// The environment variable while it lives.
class TokenVariable {
 public:
  explicit TokenVariable(const char* token) { ::setenv(name, token, 1); }
  ~TokenVariable() { ::unsetenv(name); }
  TokenVariable(const TokenVariable&) = delete;
  TokenVariable& operator=(const TokenVariable&) = delete;

 private:
  static constexpr const char* name = "WAITLAB_TOKEN";
};

/// What is read of a file with that text: the token, or why there is none.
std::string read_from(const std::string& text) {
  const TemporaryFile file(".token");
  file.write(text);
  const auto token = read_token(file.path());
  return token ? token->value_or("(none)") : token.error().message;
}

TEST(AdmissionNonce, IsAnother128BitsEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string nonce = make_nonce();
    EXPECT_THAT(nonce, MatchesRegex("[0-9a-f]{32}"));
    seen.insert(nonce);
  }
  EXPECT_EQ(seen.size(), 100u);
}

// RFC 4231, test cases 2 and 6: the text is the nonce, a space and the name.
TEST(AdmissionProof, IsTheHmacSha256OfNonceAndName) {
  EXPECT_EQ(make_proof("Jefe", "what", "do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(make_proof(std::string(131, '\xAA'), "Test", "Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(AdmissionProof, DependsOnTokenNonceAndName) {
  const std::string proof = make_proof("token", "nonce", "w1");
  EXPECT_EQ(make_proof("token", "nonce", "w1"), proof);
  EXPECT_NE(make_proof("Token", "nonce", "w1"), proof);
  EXPECT_NE(make_proof("", "nonce", "w1"), proof);
  EXPECT_NE(make_proof("token", "another", "w1"), proof);
  EXPECT_NE(make_proof("token", "nonce", "w2"), proof);
  EXPECT_NE(make_proof("token", "nonce1", "w"), make_proof("token", "nonce", "1w"))
      << "what is the nonce's is not the name's";
}

TEST(AdmissionProof, CanBeMadeOfAnEmptyToken) {
  EXPECT_THAT(make_proof({}, "nonce", "w1"), MatchesRegex("[0-9a-f]{64}"));
  EXPECT_EQ(make_proof({}, "nonce", "w1"), make_proof("", "nonce", "w1"));
}

TEST(AdmissionProof, IsTheSameOnlyIfAllOfItIs) {
  const std::string proof = make_proof("token", "nonce", "w1");
  EXPECT_TRUE(same_proof(proof, std::string(proof)));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    std::string other = proof;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_FALSE(same_proof(proof, other)) << "another digit " << i;
  }
  EXPECT_FALSE(same_proof(proof, ""));
  EXPECT_FALSE(same_proof(proof, proof.substr(1)));
  EXPECT_FALSE(same_proof(proof, proof.substr(0, 63)));
  EXPECT_FALSE(same_proof(proof, proof + "0"));
}

TEST(AdmissionToken, IsTheFirstLineOfTheFile) {
  EXPECT_EQ(read_from("secret\n"), "secret");
  EXPECT_EQ(read_from("secret"), "secret");
  EXPECT_EQ(read_from("secret\r\nanother\n"), "secret") << "as it is written elsewhere";
  EXPECT_EQ(read_from(" with spaces \n"), " with spaces ");
}

TEST(AdmissionToken, IsNotAnEmptyLine) {
  for (const char* const text : {"", "\n", "\r\n", "\nsecret\n"})
    EXPECT_THAT(read_from(text), AllOf(HasSubstr("--token-file: the first line of"), HasSubstr("is empty"))) << text;
}

TEST(AdmissionToken, IsSaidToBeMissingWithItsFile) {
  const auto missing = read_token("/nonexistent/token");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "--token-file: '/nonexistent/token' cannot be read: No such file or directory");
  const auto folder = read_token("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().message, "--token-file: '/' cannot be read: Is a directory");
}

TEST(AdmissionToken, MayComeFromTheEnvironment) {
  const TokenVariable variable("from outside");
  EXPECT_EQ(read_token("").value(), "from outside");
}

TEST(AdmissionToken, OfAFileIsTakenBeforeThatOfTheEnvironment) {
  const TokenVariable variable("from outside");
  EXPECT_EQ(read_from("of the file\n"), "of the file");
  EXPECT_FALSE(read_token("/nonexistent/token")) << "whoever names a file wants its token";
}

TEST(AdmissionToken, IsNotAnEmptyVariable) {
  const TokenVariable variable("");
  const auto token = read_token("");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().message, "WAITLAB_TOKEN is empty; give it a token, or unset it");
}

TEST(AdmissionToken, IsNothingWhereNoneIsGiven) {
  ::unsetenv("WAITLAB_TOKEN");
  const auto token = read_token("");
  ASSERT_TRUE(token);
  EXPECT_FALSE(*token);
}

}  // namespace
}  // namespace waitlab::client::fleet
