#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <vector>

namespace waitlab::server {
namespace {

/// Limits of the process: strategies that a switch has replaced and that still drain count as well.
class Limits : public EveryStrategy {};

INSTANTIATE_TEST_SUITE_P(Contract, Limits, every_strategy(), strategy_test_name);

TEST_P(Limits, AreOneForAllStrategiesThatHaveConnections) {
  under_test.config.limits.max_connections = static_cast<std::uint32_t>(strategy_names().size());
  under_test.start();
  std::vector<HttpConnection> held;
  for (const std::string& next : strategy_names()) {
    held.push_back(under_test.connect());
    held.back().send(get_request("/wait"));
    under_test.backend.wait_for_arrivals(held.size());
    under_test.switch_to(next);
  }
  ASSERT_EQ(held.size(), under_test.config.limits.max_connections);
  EXPECT_EQ(under_test.connect().receive().status, 503U);
  under_test.backend.open();
  for (HttpConnection& connection : held) {
    EXPECT_EQ(connection.receive().status, 200U);
    EXPECT_EQ(connection.get("/plain").status, 200U) << "with the strategy that runs";
  }
  EXPECT_EQ(under_test.connect().receive().status, 503U) << "they are still open";
  held.clear();
  under_test.await_status("\"open\": 0");
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
}

}  // namespace
}  // namespace waitlab::server
