#pragma once

#include "common/process/child_process.hpp"
#include "tests/support/http_connection.hpp"
#include "tests/support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {

extern const std::string backend_program;

/// A line of the hold log.
struct LoggedHold {
  std::string request_id, route, outcome;
  std::int64_t arrival_ns = 0, drawn_ns = 0, queued_ns = 0, held_ns = 0;

  std::int64_t start_ns() const { return arrival_ns + queued_ns; }
  std::int64_t end_ns() const { return start_ns() + held_ns; }
};

std::vector<LoggedHold> read_log(const std::string& path);

/// Asks again and again, as long as patience lasts.
bool comes_true(const std::function<bool()>& condition);

/// The real waitlab-backend, on a free port.
class BackendTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& settings = {}, std::vector<std::string> command = {backend_program});

  HttpConnection connect() const { return HttpConnection(port_); }

  /// A number of /status.
  std::uint64_t status(const std::string& name) const;
  void await_status(const std::string& name, std::uint64_t value) const;

  std::vector<LoggedHold> stop_and_read_log();

  const TemporaryFile log_{".csv"};
  const std::string log_setting_ = "profile.hold_log=" + log_.path();
  std::optional<ChildProcess> backend_;
  std::string ready_line_;
  std::uint16_t port_ = 0;
};

/// What a start that must fail tells: the exit code and stderr.
std::pair<std::optional<int>, std::string> failed_start(const std::vector<std::string>& settings);

}  // namespace waitlab
