#include "tests/unit/common/http/response_pieces.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstddef>
#include <random>
#include <sstream>

namespace waitlab {
namespace {

/// Messages that went wrong somewhere, and the pieces in which they come: the same in every run.
class Mutations {
 public:
  std::string mutate(std::string text) {
    static const std::array<std::string, 24> pieces{"\r",
                                                    "\n",
                                                    "\r\n",
                                                    "\r\n\r\n",
                                                    " ",
                                                    "\t",
                                                    "%",
                                                    "%70",
                                                    "0",
                                                    "f",
                                                    std::string(1, '\0'),
                                                    "\x7f",
                                                    "\"",
                                                    ";",
                                                    ";a=\"b",
                                                    ",",
                                                    ":",
                                                    "?",
                                                    "*",
                                                    "HTTP/2.0",
                                                    "Content-Length: 3\r\n",
                                                    "Transfer-Encoding: chunked\r\n",
                                                    "HTTP/1.1 100 Continue\r\n\r\n",
                                                    std::string(300, 'x')};
    for (std::size_t change = below(4); change < 4; ++change) {
      const std::size_t at = below(text.size() + 1);
      if (below(3) == 0) {
        text.erase(at, 1 + below(8));
      } else {
        text.insert(at, pieces[below(pieces.size())]);
      }
    }
    return text;
  }

  std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> pieces;
    const std::size_t most = 1 + below(30);
    for (std::size_t at = 0; at < text.size(); at += pieces.back().size())
      pieces.push_back(text.substr(at, 1 + below(most)));
    return pieces;
  }

  std::size_t below(std::size_t end) { return numbers_() % end; }

 private:
  std::mt19937_64 numbers_{1};
};

constexpr int rounds = 10'000;

TEST(MutatedMessages, AreTheSameRequestOrFaultHoweverTheyCome) {
  const std::array<std::string, 3> requests{
      "GET /%70lain?a=1 HTTP/1.1\r\nHost: test\r\nX-Request-Id: 7\r\n\r\n",
      "\r\nPOST http://test/echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 7\r\n\r\nwait\r\nx",
      chunked_request("4;name=\"value\"\r\nwait\r\n00A\r\n0123456789\r\n0\r\nTrailer: late\r\n\r\n")};
  Mutations mutations;
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutations.mutate(requests[mutations.below(requests.size())]);
    const auto parse = [](const std::vector<std::string>& pieces) {
      ParsedRequest parsed = parse_pieces(pieces, {256, 20});
      if (parsed.error_status != 0) parsed.left_over.clear();
      return parsed;
    };
    ASSERT_EQ(parse(mutations.split(text)), parse({text})) << text;
  }
}

TEST(MutatedMessages, AreTheSameResponseOrFaultHoweverTheyCome) {
  const std::array<std::string, 4> responses{sized_response, chunked_response, response_after_interim,
                                             "HTTP/1.0 200 OK\r\nA: b\r\n c\r\n\r\nuntil close"};
  Mutations mutations;
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutations.mutate(responses[mutations.below(responses.size())]);
    const bool to_head = mutations.below(4) == 0;
    const auto parse = [to_head](const std::vector<std::string>& pieces) {
      ResponseParser parser;
      parser.keep_body(true);
      parser.start(to_head, Asked::upgrade);
      ParsedResponse parsed = feed(parser, pieces);
      if (!parser.failed()) parser.put_eof();
      return parser.failed() ? parser.error() : (std::ostringstream() << parsed).str();
    };
    ASSERT_EQ(parse(mutations.split(text)), parse({text})) << text;
  }
}

}  // namespace
}  // namespace waitlab
