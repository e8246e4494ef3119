#pragma once

#include "client/engine/load_run.hpp"
#include "common/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace waitlab::client {

/// The flags that every command shares which puts load on a server: what to send, and how. Not what rate or for how
/// long.
class LoadFlags {
 public:
  /// Adds them to the command line. Must outlive its parsing.
  explicit LoadFlags(CLI::App& app);

  /// What was given, once the command line was parsed. Files are read here. Failure names the flag and the remedy.
  Result<LoadOptions> options() const;

  /// Files that are read for them.
  std::vector<std::string> files() const;

 private:
  void add_request_flags(CLI::App& app);
  void add_server_flags(CLI::App& app);
  Result<void> read_texts(LoadOptions& load) const;
  Result<void> read_request(LoadOptions& load) const;

  LoadOptions load_;  ///< what needs no reading
  std::string timeout_, warmup_, arrivals_ = "constant", body_file_, targets_file_;
  std::vector<std::string> headers_;
  bool no_keep_alive_ = false;
};

/// Reads the duration given for a flag. Failure names the flag.
Result<std::chrono::nanoseconds> read_duration_flag(const char* flag, const std::string& text);

/// Says what is wrong with the text of a whole number, if anything is. CLI11 would let a minus wrap round, take 010 for
/// 8, and what is beyond 64 bits for the largest that they hold.
std::string check_whole_number(const std::string& text);

}  // namespace waitlab::client
