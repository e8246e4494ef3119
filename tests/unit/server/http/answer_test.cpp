#include "server/http/answer.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class Answer : public testing::Test {
 protected:
  Answer() { request.method = "GET"; }

  std::string text() {
    std::string out;
    append_answer(out, exchange);
    return out;
  }

  Request request;
  Response response;
  Exchange exchange{request, response, "id-7", {}};
};

TEST_F(Answer, CarriesDateServerTimingAndRequestId) {
  response.body = "plain\n";
  EXPECT_THAT(text(), MatchesRegex("HTTP/1.1 200 OK\r\n"
                                   "Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n"
                                   "Server-Timing: queue;dur=0.000, backend;dur=0.000, handler;dur=0.000\r\n"
                                   "X-Request-Id: id-7\r\n"
                                   "Content-Type: text/plain\r\n"
                                   "Content-Length: 6\r\n"
                                   "\r\n"
                                   "plain\n"));
}

TEST_F(Answer, GivesServerTimingInMilliseconds) {
  exchange.queued = 1234us;
  exchange.backend = 2s + 50us;
  exchange.handler = 999ns;
  EXPECT_THAT(text(), HasSubstr("\r\nServer-Timing: queue;dur=1.234, backend;dur=2000.050, handler;dur=0.000\r\n"));
}

TEST_F(Answer, HasRoomForTheLongestTimes) {
  exchange.queued = exchange.backend = exchange.handler = std::chrono::nanoseconds::max();
  EXPECT_THAT(text(), HasSubstr("queue;dur=9223372036854.775, backend;dur=9223372036854.775, "
                                "handler;dur=9223372036854.775\r\n"));
}

TEST_F(Answer, AsksToTryAgainOnlyWhenOverloaded) {
  set_problem(response, 503, "the queue is full");
  EXPECT_THAT(text(), ContainsRegex("\r\nRetry-After: [0-9]+\r\n"));
  for (const unsigned status : {200U, 404U, 500U, 502U, 504U}) {
    response.status = status;
    EXPECT_THAT(text(), Not(HasSubstr("Retry-After"))) << status;
  }
}

TEST_F(Answer, SaysWhichMethodsAreAllowed) {
  EXPECT_THAT(text(), Not(HasSubstr("Allow")));
  response.fields = "Allow: GET, HEAD\r\n";
  EXPECT_THAT(text(), HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

TEST_F(Answer, NamesTheConnectionOnlyWhereTheVersionDoesNotSayIt) {
  EXPECT_THAT(text(), Not(HasSubstr("Connection")));
  request.version = 10;
  EXPECT_THAT(text(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nConnection: keep-alive\r\n")));
  exchange.keep_alive = false;
  EXPECT_THAT(text(), HasSubstr("\r\nConnection: close\r\n"));
  request.version = 11;
  EXPECT_THAT(text(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(Answer, HasNoBodyForHead) {
  request.method = "HEAD";
  response.body = "plain\n";
  EXPECT_THAT(text(), EndsWith("\r\nContent-Length: 6\r\n\r\n"));
}

TEST_F(Answer, IsAppendedBehindEarlierOnes) {
  std::string out = "earlier";
  append_answer(out, exchange);
  EXPECT_THAT(out, StartsWith("earlierHTTP/1.1 200 OK\r\n"));
}

TEST_F(Answer, IsAProblemDocumentWhenSomethingIsWrong) {
  set_problem(response, 404, "no such endpoint: /x");
  EXPECT_THAT(text(), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(text(), HasSubstr("\r\nContent-Type: application/problem+json\r\n"));
  EXPECT_THAT(response.body, HasSubstr(R"("status":404,"detail":"no such endpoint: /x")"));
}

TEST_F(Answer, LeavesNothingOfTheLastOneWhenItRestarts) {
  set_problem(response, 405, "allowed here: GET");
  response.fields = "Allow: GET\r\n";
  response.restart();
  EXPECT_THAT(text(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Type: text/plain\r\n"),
                            EndsWith("Content-Length: 0\r\n\r\n"), Not(HasSubstr("Allow"))));
}

}  // namespace
}  // namespace waitlab::server
