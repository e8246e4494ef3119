#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>

namespace waitlab::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class SharedStateOf : public EveryStrategy {
 protected:
  json counters() { return json::parse(under_test.connect().get("/counter").body); }
};

INSTANTIATE_TEST_SUITE_P(Contract, SharedStateOf, every_strategy(), strategy_test_name);

TEST_P(SharedStateOf, CountsInEachWay) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  for (const std::string sync : {"none", "mutex", "atomic", "sharded"}) {
    connection.send("POST /counter?sync=" + sync + "&times=5 HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(connection.receive().status, 200U);
    EXPECT_EQ(counters()[sync], json::parse(R"({"asked": 5, "counted": 5, "lost": 0})")) << sync;
  }
}

TEST_P(SharedStateOf, OutlivesASwitch) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  const std::string count = "POST /counter?sync=atomic HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n";
  int counted = 0;
  for (const std::string& next : strategy_names()) {
    connection.send(count);
    EXPECT_EQ(connection.receive().status, 200U);
    under_test.switch_to(next);
    EXPECT_EQ(counters()["atomic"]["counted"], ++counted) << next;
  }
}

TEST_P(SharedStateOf, RefusesWhatItCannotCount) {
  under_test.start();
  for (const std::string query : {"sync=luck", "times=0", "times=100001", "by=1"}) {
    HttpConnection connection = under_test.connect();
    connection.send("POST /counter?" + query + " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(connection.receive().status, 400U) << query;
  }
}

TEST_P(SharedStateOf, HasAFileThatIsReadPastThePageCache) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  const HttpAnswer answer = connection.get("/file?bytes=100KiB");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.body, HasSubstr("102400 bytes read past the page cache ("));
  EXPECT_EQ(connection.get("/file").status, 200U);
  for (const std::string bytes : {"0B", "33MiB", "x", "5"})
    EXPECT_EQ(connection.get("/file?bytes=" + bytes).status, 400U) << bytes;
}

TEST_P(SharedStateOf, AnswersWhereThereCanBeNoFile) {
  under_test.config.files.folder = "/nowhere";
  under_test.start();
  const HttpAnswer answer = under_test.connect().get("/file");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_THAT(answer.body, HasSubstr("set files.folder to another"));
}

}  // namespace
}  // namespace waitlab::server
