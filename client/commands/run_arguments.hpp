#pragma once

#include "client/commands/command_line.hpp"
#include "client/commands/load_flags.hpp"
#include "client/engine/load_run.hpp"
#include "client/judge/threshold.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// Where the result goes besides the terminal. "-" for the JSON: stdout.
struct OutputFiles {
  std::optional<std::string> json;
  std::optional<std::string> csv;
  std::optional<std::string> hdr_log;
  std::optional<std::string> hgrm;
  std::optional<std::string> prometheus;
};

/// What the command line of `run` asked for.
struct RunArguments {
  LoadOptions load;
  std::vector<Threshold> thresholds;
  unsigned repeats = 1;  ///< runs, of which each has the next seed
  bool abort_on_fail = false;
  OutputFiles files;
  std::vector<std::string> read_files;  ///< not to be written
  bool quiet = false;
  bool tui = true;
};

/// The flags of `run`, for every command that has them. Must outlive the parsing of the command line.
class RunFlags {
 public:
  explicit RunFlags(CLI::App& app);
  RunFlags(const RunFlags&) = delete;
  RunFlags& operator=(const RunFlags&) = delete;

  /// What was given, once the command line was parsed; checked, so that `run_load` will not refuse it. Without the text
  /// of the command. Failure names the argument and the remedy.
  Result<RunArguments> arguments() const;

 private:
  void add_loop_flags();
  void add_judging_flags();
  void add_output_flags();
  Result<void> settle_schedule(LoadOptions& load) const;
  Result<void> settle_connections(LoadOptions& load) const;
  Result<void> settle_repeats(RunArguments& arguments) const;
  Result<void> settle_thresholds(RunArguments& arguments) const;

  CLI::App& app_;
  RunArguments arguments_;  ///< what needs no reading
  std::optional<double> rate_;
  std::optional<std::uint64_t> requests_;
  unsigned connections_ = LoadOptions().connections;
  unsigned repeats_ = 1;
  std::string duration_, ramp_, steps_, step_duration_;
  std::vector<std::string> thresholds_;
  std::optional<LoadFlags> load_;
};

/// What is told of thresholds and exit codes at the end of the help of these commands.
extern const char* const run_footer;

/// Reads the command line of `run`; checked, so that `run_load` will not refuse it. Failure names the argument and the
/// remedy.
Result<std::variant<RunArguments, HelpText>> parse_run_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
