#include "tests/contract/strategy_fixture.hpp"

#include "server/strategies/strategy_factory.hpp"

#include <algorithm>

namespace waitlab::server {

ServerUnderTest::ServerUnderTest(const std::string& strategy) {
  config.strategy = strategy;
  config.listen.port = 0;
  config.admin.port = 0;
  config.backend.mode = "remote";
  config.backend.address = backend.address();
}

ServerUnderTest::~ServerUnderTest() {
  stop();
}

void ServerUnderTest::start() {
  auto started = Server::start(config);
  ASSERT_TRUE(started) << started.error().message;
  server_ = std::move(*started);
}

void ServerUnderTest::stop() {
  backend.open();
  if (server_) {
    EXPECT_TRUE(server_->drain());
  }
  server_.reset();
}

void ServerUnderTest::switch_to(const std::string& strategy) {
  ServerConfig wanted = config;
  wanted.strategy = strategy;
  const auto reloaded = server_->reload(wanted);
  ASSERT_TRUE(reloaded) << reloaded.error().message;
}

HttpConnection ServerUnderTest::connect_and_wait() {
  const std::size_t before = backend.arrivals().size();
  HttpConnection connection = connect();
  connection.send(get_request("/wait"));
  backend.wait_for_arrivals(before + 1);
  return connection;
}

void ServerUnderTest::expect_pipelined_in_turn() const {
  constexpr int many = 20;
  HttpConnection connection = connect();
  std::string requests;
  for (int request = 0; request < many; ++request)
    requests += get_request("/plain");
  connection.send(requests);
  for (int request = 0; request < many; ++request)
    EXPECT_EQ(connection.receive().status, 200U);
}

std::string ServerUnderTest::status() const {
  return connect_to_admin().get("/status").body;
}

void ServerUnderTest::await_status(const std::string& text) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (status().find(text) == std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << text << " never came in " << status();
  }
}

std::size_t EveryStrategy::backend_connections_for(std::size_t calls) const {
  return facts_of(GetParam(), under_test.config.strategies).worker == Worker::process ? calls : 1;
}

auto every_strategy() -> decltype(testing::ValuesIn(std::vector<std::string>{})) {
  return testing::ValuesIn(strategy_names());
}

std::string strategy_test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace waitlab::server
