#pragma once

#include "client/record/experiment_result.hpp"
#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// An experiment as its file describes it: which servers, in front of which backend, under which load.
struct Experiment {
  std::string name;  ///< letters, digits and dashes: it names the results folder
  std::string title;
  std::string question;
  std::vector<ExperimentTarget> targets;
  DelayProfile backend;
  std::vector<std::string> backend_settings;  ///< those the file gives, as "key=value" words
  ExperimentLoad load;
  unsigned repeats = 3;
  RunOrder order;
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
