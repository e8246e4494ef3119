#pragma once

#include "client/record/experiment_result.hpp"
#include "client/schedule/arrivals.hpp"
#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace waitlab::client {

/// An experiment as its file describes it: which servers, in front of which backend, under which load.
struct Experiment {
  struct Load {
    std::string path = "/wait";
    std::string arrivals = "poisson";
    std::vector<double> rates;  ///< offered, per second
    std::chrono::nanoseconds duration = std::chrono::seconds(3);
    std::chrono::nanoseconds warmup = std::chrono::milliseconds(500);
    std::chrono::nanoseconds timeout = std::chrono::seconds(5);
    unsigned max_connections = 4096;
    std::uint64_t seed = 1;
  };

  std::string name;  ///< letters, digits and dashes: it names the results folder
  std::string title;
  std::string question;
  std::vector<ExperimentTarget> targets;
  DelayProfile backend;
  std::vector<std::string> backend_settings;  ///< those the file gives, as "key=value" words
  Load load;
  unsigned repeats = 3;
  bool request_logs = false;  ///< every server logs its requests, for `check`

  std::string file;     ///< where it was read
  std::string content;  ///< its text
};

/// Reads an experiment file (JSON with comments). Strict like the configs: whatever is unknown, given twice, missing,
/// of the wrong type or out of range is a one-line Failure that names the line and what is allowed. What stands in a
/// target's `server` is checked by the server itself, except that the keys the experiment sets are refused.
Result<Experiment> read_experiment(const std::string& path);

/// The same from text; `name` is how errors call it.
Result<Experiment> parse_experiment(const std::string& text, const std::string& name);

}  // namespace waitlab::client
