#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>

namespace waitlab::server {
namespace {

using testing::HasSubstr;

/// What comes of a backend's response, which the test writes down to the byte.
class BackendResponses : public EveryStrategy {
 protected:
  void SetUp() override {
    under_test.start();
    under_test.backend.open();
    client.emplace(under_test.connect());
  }

  HttpAnswer answer_to(const std::string& response) {
    under_test.backend.answer_with(response);
    return client->get("/wait");
  }

  void expect_failure(const std::string& response, const std::string& detail) {
    const HttpAnswer answer = answer_to(response);
    EXPECT_EQ(answer.status, 502U) << response.substr(0, 200);
    EXPECT_THAT(answer.body, HasSubstr(detail)) << response.substr(0, 200);
  }

  std::optional<HttpConnection> client;  ///< one: where loops have backend connections of their own, it stays on one
};

INSTANTIATE_TEST_SUITE_P(Contract, BackendResponses, every_strategy(), strategy_test_name);

const std::string ok_response = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nheld";

std::string with_fields(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
}

std::string padded(std::size_t bytes) {
  return with_fields("Content-Length: 0\r\nX-Pad: " + std::string(bytes, 'p') + "\r\n");
}

TEST_P(BackendResponses, MayHaveAHeadOf64KiB) {
  for (const std::size_t bytes : {900, 1'000, 1'100, 5'000, 60'000})
    EXPECT_EQ(answer_to(padded(bytes)).status, 200U) << bytes;
  EXPECT_EQ(under_test.backend.connections(), backend_connections_for(5));
  expect_failure(padded(70'000), "the header is longer than 64 KiB");
}

TEST_P(BackendResponses, AreLimitedInAllThatComesBeforeAndBetween) {
  std::string interim;
  while (interim.size() < 100'000)
    interim += "HTTP/1.1 102 Processing\r\n\r\n";
  expect_failure(interim, "interim responses and the header are longer than 64 KiB together");
  std::string chunks = with_fields("Transfer-Encoding: chunked\r\n");
  while (chunks.size() < 100'000)
    chunks += "1;a=" + std::string(1000, 'x') + "\r\ny\r\n";
  expect_failure(chunks, "chunk extensions and trailer fields are longer than 64 KiB together");
}

TEST_P(BackendResponses, ComeAfterInterimOnes) {
  const std::string interim =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n";
  EXPECT_EQ(answer_to(interim + ok_response).status, 200U);
  EXPECT_EQ(answer_to(ok_response).status, 200U);
  EXPECT_EQ(under_test.backend.connections(), backend_connections_for(2));
}

TEST_P(BackendResponses, EndWithTheirHeadWhereTheStatusSaysSo) {
  for (const std::string status : {"204", "304"}) {
    const std::string begin = "HTTP/1.1 " + status + " X\r\n";
    for (const std::string fields : {"", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"})
      expect_failure(begin + fields + "\r\n", "the backend answered " + status);
  }
  EXPECT_EQ(under_test.backend.connections(), backend_connections_for(6));
}

TEST_P(BackendResponses, AreAFailureWhereTheySwitchToAnotherProtocol) {
  expect_failure("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                 "101 Switching Protocols, which the request did not ask for");
  EXPECT_EQ(answer_to(ok_response).status, 200U);
  EXPECT_EQ(under_test.backend.connections(), 2U);
}

TEST_P(BackendResponses, AreAFailureWhereTheirEndIsNotCertain) {
  expect_failure(with_fields("Content-Length: 4\r\nContent-Length: 5\r\n") + "held!", "Content-Length is repeated");
  expect_failure(with_fields("Content-Length: 4, 4\r\n") + "held", "Content-Length is malformed");
  expect_failure(with_fields("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
                 "both Transfer-Encoding and Content-Length");
}

TEST_P(BackendResponses, AreAFailureWhereTheyAreNotHttp1) {
  expect_failure("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", "another HTTP version than 1.0 and 1.1");
  expect_failure("ICY 200 OK\r\nContent-Length: 0\r\n\r\n", "no HTTP/1.x response");
}

TEST_P(BackendResponses, MayEndWithTheConnection) {
  under_test.backend.close_after_answering();
  for (const std::string fields : {"", "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, gzip\r\n"})
    EXPECT_EQ(answer_to(with_fields(fields) + "held").status, 200U) << fields;
  expect_failure(with_fields("Content-Length: 5\r\n") + "held", "the connection was closed inside the response");
}

TEST_P(BackendResponses, OfHttp10WithATransferCodingCloseTheConnection) {
  const std::string chunked =
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nheld\r\n0\r\n\r\n";
  EXPECT_EQ(answer_to(chunked).status, 200U);
  EXPECT_EQ(answer_to(chunked).status, 200U);
  EXPECT_EQ(under_test.backend.connections(), 2U);
}

}  // namespace
}  // namespace waitlab::server
