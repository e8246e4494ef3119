#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <vector>

namespace waitlab::server {
namespace {

using testing::HasSubstr;

TEST(ThreadPerRequest, AnswersRetryAfterBeyondItsThreads) {
  ServerUnderTest under_test("thread-per-request");
  under_test.config.strategies.thread_per_request.max_threads = 2;
  under_test.start();
  std::vector<HttpConnection> served;
  for (std::size_t index = 0; index < 2; ++index)
    served.push_back(under_test.connect_and_wait());

  HttpConnection beyond = under_test.connect();
  const HttpAnswer answer = beyond.get("/plain");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nRetry-After: "));
  EXPECT_THAT(under_test.status(), HasSubstr("\"max_threads\": 1"));
  under_test.backend.open();
  for (HttpConnection& connection : served)
    EXPECT_EQ(connection.receive().status, 200U);
}

TEST(ThreadPerRequest, CountsTheThreadsOfTheOnesItReplacedTowardsItsLimit) {
  ServerUnderTest under_test("thread-per-request");
  under_test.config.strategies.thread_per_request.max_threads = 2;
  under_test.start();
  std::vector<HttpConnection> served;
  for (std::size_t index = 0; index < 2; ++index) {
    served.push_back(under_test.connect_and_wait());
    under_test.switch_to("thread-per-request");
  }
  EXPECT_EQ(under_test.connect().get("/plain").status, 503U) << "both still wait";
  under_test.backend.release(1);
  EXPECT_EQ(served.front().receive().status, 200U);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (under_test.connect().get("/plain").status != 200U)
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "one has ended";
}

TEST(ThreadPerRequest, ServesPipelinedRequestsOneAfterTheOtherWithOneThreadAllowed) {
  ServerUnderTest under_test("thread-per-request");
  under_test.config.strategies.thread_per_request.max_threads = 1;
  under_test.start();
  under_test.expect_pipelined_in_turn();
}

}  // namespace
}  // namespace waitlab::server
