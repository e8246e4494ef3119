#pragma once

#include "common/process/child_process.hpp"
#include "common/result.hpp"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// The last line in the file that is not blank, for a message to people: at most 300 characters of it, and whatever it
/// holds, UTF-8 without control characters. Empty if there is none. Of a file of any length only the end is read.
std::string last_words(const std::string& path);

/// A program that an experiment runs. One of ours says where it listens on its first lines. Owns the process, and ends
/// it when destroyed.
class Program {
 public:
  struct Options {
    std::string name;                        ///< how messages call it
    std::vector<std::string> command;        ///< program and arguments
    std::vector<int> cpus;                   ///< CPUs it may use
    std::string log;                         ///< file that takes its stderr, and its stdout if no line is waited for
    std::vector<std::string> prefixes;       ///< of the lines to wait for, in order: "listening on", "admin on"
    std::string directory{};                 ///< where it runs; empty: where we do
    std::vector<std::string> environment{};  ///< "NAME=value" words besides ours
    std::chrono::milliseconds stop_patience = std::chrono::seconds(15);  ///< a server of ours drains for up to 10 s
  };

  /// Starts it and waits until it has told all its addresses. A program that ends, stays silent for 10 s or can't be
  /// executed is a Failure that quotes what it said on stderr. So is a stop request.
  static Result<Program> start(const Options& options, const std::stop_token& stop);

  pid_t pid() const { return process_.pid(); }

  /// The address on the line of `prefixes[index]`.
  const std::string& address(std::size_t index) const { return addresses_[index]; }

  /// Why it has ended, in one line; nothing while it runs.
  std::optional<Failure> ended();

  /// The exit code (128 + signal number if a signal ended it), or nothing while it runs.
  std::optional<int> exit_code() { return process_.exit_code(); }

  /// The failure with the last line that it wrote to its log, if there is one.
  Failure quoting_its_log(const Failure& failure) const;

  /// Asks it to end and waits; it is killed if that takes longer than its patience. An end that was not clean is a
  /// Failure.
  Result<void> stop();

 private:
  Program(ChildProcess process, const Options& options);

  Result<void> read_addresses(const Options& options, const std::stop_token& stop);
  Failure failure(std::string_view what) const;

  ChildProcess process_;
  std::string name_;
  std::string log_;
  std::chrono::milliseconds stop_patience_;
  std::vector<std::string> addresses_;
};

}  // namespace waitlab::client
