#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class Http : public EveryStrategy {
 protected:
  void SetUp() override { under_test.start(); }
};

INSTANTIATE_TEST_SUITE_P(Contract, Http, every_strategy(), strategy_test_name);

TEST_P(Http, EveryResponseCarriesDateServerTimingAndRequestId) {
  const HttpAnswer answer = under_test.connect().get("/plain", "X-Request-Id: mine-7\r\n");

  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "plain\n");
  EXPECT_THAT(answer.text, HasSubstr("\r\nDate: "));
  EXPECT_THAT(answer.text, HasSubstr("\r\nX-Request-Id: mine-7\r\n"));
  EXPECT_THAT(answer.text, HasSubstr("\r\nServer-Timing: queue;dur="));
  EXPECT_THAT(answer.text, HasSubstr("backend;dur=0.000"));
  EXPECT_THAT(answer.text, HasSubstr("handler;dur="));
}

TEST_P(Http, ReplacesAnInvalidRequestId) {
  const HttpAnswer answer = under_test.connect().get("/plain", "X-Request-Id: <script>\r\n");

  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.text, Not(HasSubstr("script")));
  EXPECT_THAT(answer.text, HasSubstr("\r\nX-Request-Id: "));
}

TEST_P(Http, KeepsTheConnectionForTheNextRequest) {
  HttpConnection connection = under_test.connect();
  for (int request = 0; request < 5; ++request)
    EXPECT_EQ(connection.get("/plain").status, 200U);
}

TEST_P(Http, AnswersPipelinedRequestsInOrder) {
  HttpConnection connection = under_test.connect();
  std::string requests;
  for (int number = 0; number < 200; ++number) {
    requests += get_request("/plain", "X-Request-Id: " + std::to_string(number) + "\r\n");
  }
  connection.send(requests);

  for (int number = 0; number < 200; ++number) {
    EXPECT_THAT(connection.receive().text, HasSubstr("\r\nX-Request-Id: " + std::to_string(number) + "\r\n"));
  }
}

TEST_P(Http, SendsEarlierPipelinedAnswersBeforeItWaits) {
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/plain") + get_request("/wait"));
  under_test.backend.wait_for_arrivals(1);

  EXPECT_EQ(connection.receive().body, "plain\n");
  under_test.backend.open();
  EXPECT_EQ(connection.receive().body, "waited\n");
}

TEST_P(Http, SendsAnAnswerBehindWhichHalfALineBreakCame) {
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/plain") + "\r");
  EXPECT_EQ(connection.receive().body, "plain\n");
}

TEST_P(Http, ReadsARequestThatComesByteByByte) {
  HttpConnection connection = under_test.connect();
  for (const char byte : get_request("/plain"))
    connection.send({&byte, 1});
  EXPECT_EQ(connection.receive().status, 200U);
}

TEST_P(Http, AnswersHeadWithoutABody) {
  HttpConnection connection = under_test.connect();
  connection.send("HEAD /plain HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpAnswer answer = connection.receive(true);

  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nContent-Length: 6\r\n"));
  EXPECT_EQ(connection.get("/plain").body, "plain\n");
}

TEST_P(Http, EchoesASizedBody) {
  HttpConnection connection = under_test.connect();
  const std::string body(300'000, 'x');
  connection.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  connection.send(body);
  EXPECT_EQ(connection.receive().body, body);
  EXPECT_EQ(connection.get("/plain").status, 200U);
}

TEST_P(Http, EchoesAChunkedBody) {
  HttpConnection connection = under_test.connect();
  connection.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwait\r\n3");
  connection.send(";ext=1\r\nlab\r\n0\r\n\r\n");
  EXPECT_EQ(connection.receive().body, "waitlab");
  EXPECT_EQ(connection.get("/plain").status, 200U);
}

TEST_P(Http, AsksForTheBodyOfAnExpectingClient) {
  HttpConnection connection = under_test.connect();
  connection.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  connection.wait_for("HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("wait");
  EXPECT_EQ(connection.receive().body, "wait");
}

TEST_P(Http, AsksForNoBodyThatItsAnswerDoesNotDependOn) {
  under_test.backend.open();
  for (const std::string request : {"POST /nowhere", "POST /plain", "GET /wait?delay=0ms"}) {
    HttpConnection connection = under_test.connect();
    connection.send(request + " HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    const HttpAnswer answer = connection.receive();
    EXPECT_THAT(answer.status, testing::AnyOf(200U, 404U, 405U)) << request;
    EXPECT_THAT(answer.text, HasSubstr("\r\nConnection: close\r\n")) << request;
    connection.send("late");
    EXPECT_TRUE(connection.closed_by_server()) << request;
  }
}

TEST_P(Http, ClosesWhenTheClientAsksForIt) {
  HttpConnection connection = under_test.connect();
  EXPECT_THAT(connection.get("/plain", "Connection: close\r\n").text, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(connection.closed_by_server());
}

TEST_P(Http, ClosesAfterHttp10UnlessAskedToKeepAlive) {
  HttpConnection kept = under_test.connect();
  kept.send("GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(kept.receive().text, HasSubstr("\r\nConnection: keep-alive\r\n"));
  kept.send("GET /plain HTTP/1.0\r\n\r\n");
  EXPECT_EQ(kept.receive().status, 200U);
  EXPECT_TRUE(kept.closed_by_server());
}

TEST_P(Http, AnUnknownPathIs404AndAnotherMethodIs405WithAllow) {
  HttpConnection connection = under_test.connect();
  const HttpAnswer unknown = connection.get("/nope");
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_THAT(unknown.text, HasSubstr("application/problem+json"));
  connection.send("DELETE /plain HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpAnswer other = connection.receive();
  EXPECT_EQ(other.status, 405U);
  EXPECT_THAT(other.text, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

TEST_P(Http, OptionsIsAnsweredWithAllow) {
  HttpConnection connection = under_test.connect();
  connection.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\nOPTIONS /plain HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpAnswer server = connection.receive();
  EXPECT_EQ(server.status, 200U);
  EXPECT_THAT(server.text, HasSubstr("\r\nAllow: GET, HEAD, POST, OPTIONS\r\n"));
  EXPECT_THAT(server.text, HasSubstr("\r\nContent-Length: 0\r\n"));
  const HttpAnswer path = connection.receive();
  EXPECT_EQ(path.status, 200U);
  EXPECT_THAT(path.text, HasSubstr("\r\nAllow: GET, HEAD, OPTIONS\r\n"));
  EXPECT_EQ(connection.get("/plain").status, 200U);
}

TEST_P(Http, PathsAreComparedWithoutNeedlessEscapes) {
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/%70lain").body, "plain\n");
  EXPECT_EQ(connection.get("/%70%6C%61%69%6e?a=1").body, "plain\n");
  EXPECT_EQ(connection.get("http://test/pl%61in").body, "plain\n");
  for (const std::string target :
       {"/%2Fplain", "//plain", "/./plain", "/x/../plain", "/plain/", "/plain%00", "/%2570lain"})
    EXPECT_EQ(connection.get(target).status, 404U) << target;
}

TEST_P(Http, TheBackendIsAskedForTheSameRouteHoweverItIsWritten) {
  under_test.backend.open();
  EXPECT_EQ(under_test.connect().get("/%77ait").body, "waited\n");
  EXPECT_THAT(under_test.backend.targets(), testing::ElementsAre("/hold?route=/wait"));
}

TEST_P(Http, AMalformedRequestLineIs400AndAnotherMajorVersionIs505) {
  const auto status_of = [this](const std::string& line) {
    HttpConnection connection = under_test.connect();
    connection.send(line + "\r\nHost: test\r\n\r\n");
    const unsigned status = connection.receive().status;
    EXPECT_TRUE(connection.closed_by_server()) << line;
    return status;
  };
  for (const std::string line :
       {"GET /plain HTTP/1", "GET /plain HTTP/01.1", "GET /plain HTTP/1.10", "GET /plain http/1.1",
        "GET /plain HTTP/1.1 ", "GET /plain HTTP/1.1x", "GET /plain HTTP/1.1\r", "GET /pl\rain HTTP/1.1",
        "GET /pl ain HTTP/1.1", "GET  /plain HTTP/1.1", "GET /plain", "GET /%zz HTTP/1.1", "GET /%2 HTTP/1.1"})
    EXPECT_EQ(status_of(line), 400U) << line;
  for (const std::string version : {"HTTP/2.0", "HTTP/3.0", "HTTP/0.9"})
    EXPECT_EQ(status_of("GET /plain " + version), 505U) << version;
  EXPECT_EQ(status_of("CONNECT test:80 HTTP/1.1"), 501U);
}

TEST_P(Http, ServesLaterMinorVersionsAsHttp11) {
  HttpConnection connection = under_test.connect();
  for (const std::string version : {"HTTP/1.2", "HTTP/1.9"}) {
    connection.send("GET /plain " + version + "\r\nHost: test\r\n\r\n");
    EXPECT_THAT(connection.receive().text, HasSubstr("HTTP/1.1 200 OK\r\n")) << version;
  }
}

TEST_P(Http, ALoneCarriageReturnInAFieldIs400) {
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/plain", "A: b\rc: d\r\n"));
  EXPECT_EQ(connection.receive().status, 400U);
}

TEST_P(Http, AParameterOutOfRangeIs400NamingIt) {
  HttpConnection connection = under_test.connect();
  for (const std::string target : {"/wait?delay=2h", "/wait?delay=-5ms", "/wait?delay=5", "/mix?delay=x&work=1ms"}) {
    const HttpAnswer answer = connection.get(target);
    EXPECT_EQ(answer.status, 400U) << target;
    EXPECT_THAT(answer.body, HasSubstr("'delay'")) << target;
  }
  EXPECT_THAT(connection.get("/cpu?work=1h").body, HasSubstr("'work'"));
  EXPECT_THAT(connection.get("/wait?dealy=5ms").body, HasSubstr("'dealy'"));
}

TEST_P(Http, BurnsCpuOnTheHandlersThread) {
  const HttpAnswer answer = under_test.connect().get("/cpu?work=1us");
  EXPECT_EQ(answer.status, 200U);
}

TEST_P(Http, RefusesWhatCouldSmuggleARequestAndCloses) {
  for (const std::string& head : {
           std::string("GET /plain HTTP/1.1\r\n\r\n"),                                              // no Host
           std::string("GET /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),                        // two
           std::string("GET /plain HTTP/1.1\r\nHost: a b\r\n\r\n"),                                 // malformed
           std::string("GET /plain HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n"),                     // obs-fold
           std::string("GET /plain HTTP/1.1\nHost: a\n\n"),                                         // bare LF
           std::string("GET * HTTP/1.1\r\nHost: a\r\n\r\n"),                                        // not OPTIONS
           std::string("GET / \r\n\r\n"),                                                           // no version
           std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"),             // empty
           std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n"),  // not last
           std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n"),
       }) {
    HttpConnection connection = under_test.connect();
    connection.send(head);
    const HttpAnswer answer = connection.receive();
    EXPECT_GE(answer.status, 400U) << head;
    EXPECT_LT(answer.status, 500U) << head;
    EXPECT_TRUE(connection.closed_by_server()) << head;
  }
}

TEST_P(Http, ALongHeadIs431AndALongBodyIs413) {
  HttpConnection head = under_test.connect();
  head.send(get_request("/plain", "X-Long: " + std::string(20'000, 'x') + "\r\n"));
  EXPECT_EQ(head.receive().status, 431U);
  HttpConnection body = under_test.connect();
  body.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Request-Id: big-1\r\nContent-Length: 99999999\r\n\r\n");
  const HttpAnswer too_long = body.receive();
  EXPECT_EQ(too_long.status, 413U);
  EXPECT_THAT(too_long.text, HasSubstr("\r\nX-Request-Id: big-1\r\n"));
}

TEST_P(Http, ALongTargetIs414AndALongMethod501) {
  HttpConnection target = under_test.connect();
  target.send(get_request("/plain?" + std::string(20'000, 'a')));
  EXPECT_EQ(target.receive().status, 414U);
  HttpConnection method = under_test.connect();
  method.send(std::string(20'000, 'A') + " /plain HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(method.receive().status, 501U);
}

TEST_P(Http, ARefusalObeysHeadHoweverLittleOfItCame) {
  const std::string pad(20'000, 'x');
  for (const std::string& head : {"HEAD /plain?" + pad, "HEAD /plain HTTP/1.1\r\nX-Long: " + pad,
                                  std::string("HEAD /plain HTTP/1.1\r\nHost: a b\r\n\r\n")}) {
    HttpConnection connection = under_test.connect();
    connection.send(head);
    EXPECT_GE(connection.receive(true).status, 400U) << head.substr(0, 40);
    EXPECT_TRUE(connection.closed_by_server()) << head.substr(0, 40);
  }
}

TEST_P(Http, ManyFieldsAreServedWithinTheLimitOfTheirBytes) {
  std::string fields;
  for (int field = 0; field < 4000; ++field)
    fields += "a:\r\n";
  EXPECT_EQ(under_test.connect().get("/plain", fields).status, 200U);
}

TEST_P(Http, ChunkExtensionsAndTrailersAreLimitedTogether) {
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string extensions;
  std::string trailers;
  for (int item = 0; item < 20; ++item) {
    extensions += "1;a=" + std::string(1000, 'x') + "\r\ny\r\n";
    trailers += "A: " + std::string(1000, 'x') + "\r\n";
  }
  for (const std::string& body : {extensions + "0\r\n\r\n", "0\r\n" + trailers + "\r\n"}) {
    HttpConnection connection = under_test.connect();
    connection.send(head + body);
    EXPECT_EQ(connection.receive().status, 431U);
  }
}

TEST_P(Http, AConnectionThatClosesMidwayIsCounted) {
  {
    HttpConnection connection = under_test.connect();
    connection.send("GET /plain HTTP/1.1\r\nHo");
  }
  under_test.await_status("\"incomplete_request\": 1");
}

TEST_P(Http, IgnoresEmptyLinesBetweenRequests) {
  HttpConnection connection = under_test.connect();
  connection.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nwait\r\n");
  EXPECT_EQ(connection.receive().body, "wait");
  EXPECT_EQ(connection.get("/plain").status, 200U);
  connection.send("\r\n");
  EXPECT_EQ(connection.get("/plain").status, 200U);
}

TEST_P(Http, ReadsPipelinedRequestsWithBodies) {
  HttpConnection connection = under_test.connect();
  std::string requests;
  for (int number = 0; number < 20; ++number) {
    requests += "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\n" + std::to_string(100 + number);
  }
  connection.send(requests);
  for (int number = 0; number < 20; ++number)
    EXPECT_EQ(connection.receive().body, std::to_string(100 + number));
}

TEST_P(Http, AnswersAClientThatStopsSendingAfterItsRequest) {
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/wait"));
  connection.stop_sending();
  under_test.backend.open();
  EXPECT_EQ(connection.receive().body, "waited\n");
}

}  // namespace
}  // namespace waitlab::server
