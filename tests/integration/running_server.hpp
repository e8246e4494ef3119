#pragma once

#include "common/process/child_process.hpp"
#include "tests/support/gated_backend.hpp"
#include "tests/support/http_connection.hpp"
#include "tests/support/temporary_file.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab {

/// The real waitlab-server, started on free ports. Throws std::runtime_error if it does not come up.
class RunningServer {
 public:
  /// `wrapper` is put before the program's own command line: strace, a shell that sets a limit.
  explicit RunningServer(const std::vector<std::string>& arguments, std::vector<std::string> wrapper = {});

  ChildProcess& process() { return *process_; }
  const std::string& strategy_line() const { return strategy_line_; }
  HttpConnection connect() const { return HttpConnection(port_); }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

  std::uint16_t admin_port() const { return admin_port_; }

  /// The admin listener's answer.
  HttpAnswer admin(const std::string& target) const;
  nlohmann::json status() const;

  /// Asks for the status until the value at that JSON pointer is as expected.
  void await_status(const std::string& pointer, const nlohmann::json& expected) const;

  std::string log() const { return log_.text(); }

 private:
  TemporaryFile log_{".log"};
  std::optional<ChildProcess> process_;
  std::string strategy_line_;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
};

/// The names a config may give for the strategy.
const std::vector<std::string>& strategies();

/// Arguments for a server with that strategy in front of a backend that the test holds.
std::vector<std::string> in_front_of(const GatedBackend& backend, const std::string& strategy);

/// What a program printed on stderr before it ended, and how it ended.
struct Ended {
  int exit_code;
  std::string errors;
  std::string output;
};

/// Runs waitlab-server with arguments that make it end by itself.
Ended run_server_to_its_end(const std::vector<std::string>& arguments, std::vector<std::string> wrapper = {});

}  // namespace waitlab
