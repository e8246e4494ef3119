#pragma once

#include "common/process/child_process.hpp"

#include <string>
#include <vector>

namespace waitlab {

/// How a run of waitlab-client ended.
struct Outcome {
  int exit_code = -1;
  std::string output;  ///< what it printed on stdout
  std::string errors;  ///< what it printed on stderr, of `run_client` only
};

/// Starts the real waitlab-client; its stderr goes to that file.
ChildProcess start_client(std::vector<std::string> arguments, const std::string& stderr_file = "/dev/null");

/// What it prints on stdout until it ends, and how it ends.
Outcome finish(ChildProcess& client);

/// Runs the real waitlab-client to its end.
Outcome run_client(std::vector<std::string> arguments);

}  // namespace waitlab
