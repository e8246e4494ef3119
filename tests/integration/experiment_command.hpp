#pragma once

#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace waitlab {

/// What a run of `waitlab-client experiment` left behind.
struct ExperimentOutcome {
  int exit_code = -1;
  std::string output;     ///< stdout
  std::string errors;     ///< stderr
  nlohmann::json result;  ///< result.json, null if there is none
  std::string page;       ///< report.html
};

std::string read_text(const std::filesystem::path& path);

/// Runs the real `waitlab-client experiment`, in a folder of the test's own.
class ExperimentCommand : public testing::Test {
 protected:
  /// How long a test waits for what must come.

  ExperimentCommand();
  ~ExperimentCommand() override;

  /// Two targets, two rates, one repeat: about two seconds. `changes` are merged into it.
  void write_experiment(const nlohmann::json& changes = nlohmann::json::object()) const;

  /// Starts it with these words, or with the experiment that was written and more words.
  ChildProcess start_with(const std::vector<std::string>& words) const;
  ChildProcess start(const std::vector<std::string>& more = {}) const;

  /// Waits until the client says so on stderr, or a program that it started does in its log.
  void wait_for(const std::string& text, ChildProcess& client) const;
  void wait_for(const std::string& text, const std::string& log, ChildProcess& client) const;

  /// Waits until that has come about; the client must not end before.
  void wait_until(const std::function<bool()>& condition, ChildProcess& client) const;

  /// Waits for the end of what was started.
  ExperimentOutcome finish(ChildProcess& client) const;
  ExperimentOutcome run(const std::vector<std::string>& more = {}) const;
  ExperimentOutcome run_with(const std::vector<std::string>& words) const;

  /// The folder of the results, once there is one.
  std::filesystem::path results_folder() const { return *std::filesystem::directory_iterator(out_); }

  /// What `waitlab-client check` says of the results, as JSON; null if it could not.
  static nlohmann::json check(const std::filesystem::path& results);

  const std::filesystem::path folder_;
  const std::filesystem::path out_ = folder_ / "results";
  const std::string file_ = (folder_ / "tiny.jsonc").string();
};

}  // namespace waitlab
