#pragma once

#include "server/config.hpp"
#include "server/server.hpp"
#include "tests/support/gated_backend.hpp"
#include "tests/support/http_connection.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace waitlab::server {

/// A whole server inside the test, in front of a backend that the test holds back and lets go.
class ServerUnderTest {
 public:
  explicit ServerUnderTest(const std::string& strategy);
  ~ServerUnderTest();

  /// The config to start with; change it before `start`.
  ServerConfig config;
  GatedBackend backend;

  void start();

  /// Drains the server and lets go of it.
  void stop();

  /// Swaps to that strategy.
  void switch_to(const std::string& strategy);

  Server& server() { return *server_; }
  HttpConnection connect() const { return HttpConnection(server_->address().port()); }

  /// A connection whose request has arrived at the backend and waits there.
  HttpConnection connect_and_wait();

  /// Sends many requests on one connection at once, and expects an answer to each.
  void expect_pipelined_in_turn() const;

  HttpConnection connect_to_admin() const { return HttpConnection(server_->admin_address().port()); }

  /// The process's counts as /status tells them.
  std::string status() const;

  /// Asks for the status until it holds that text.
  void await_status(const std::string& text) const;

 private:
  std::unique_ptr<Server> server_;
};

/// The suite's fixture: its parameter is the strategy's name.
class EveryStrategy : public testing::TestWithParam<std::string> {
 protected:
  EveryStrategy() : under_test(GetParam()) {}

  /// As many as it takes to call the backend that often, one call after the other: one where connections are kept, and
  /// one for each call where a process makes it, which keeps nothing.
  std::size_t backend_connections_for(std::size_t calls) const;

  ServerUnderTest under_test;
};

/// Instantiates a suite for every strategy there is; the test's name carries the strategy's.
auto every_strategy() -> decltype(testing::ValuesIn(std::vector<std::string>{}));
std::string strategy_test_name(const testing::TestParamInfo<std::string>& info);

}  // namespace waitlab::server
