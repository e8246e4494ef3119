#include "client/experiment/foreign_server.hpp"

#include "tests/support/one_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ForeignServer, AUrlWithoutAPathTakesThatOfTheLoad) {
  EXPECT_EQ(url_to_load("http://h:1", "/wait?delay=1ms"), "http://h:1/wait?delay=1ms");
  EXPECT_EQ(url_to_load("http://h:1/", "/wait"), "http://h:1/");
  EXPECT_EQ(url_to_load("http://h:1/a?b", "/wait"), "http://h:1/a?b");
  EXPECT_EQ(url_to_load("http://h:1", ""), "http://h:1");
}

TEST(ForeignServer, IsReadyOnceItAnswersWell) {
  ExperimentTarget target;
  target.name = "mine";
  target.ready = {.path = "/up", .within = 0s};
  const auto ready_if = [&target](const std::string& status) {
    const OneAnswer server("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    const auto running = [] { return std::optional<Failure>(); };
    const auto ready = wait_for_server(target, "http://" + server.address() + "/wait", 30s, running, {});
    return ready ? "ready" : ready.error().message;
  };
  EXPECT_EQ(ready_if("204 No Content"), "ready");
  EXPECT_EQ(ready_if("302 Found"), "ready");
  EXPECT_THAT(ready_if("404 Not Found"), HasSubstr("/up: it answered 404"));
  EXPECT_THAT(ready_if("503 Service Unavailable"), HasSubstr("/up: it answered 503"));
}

}  // namespace
}  // namespace waitlab::client
