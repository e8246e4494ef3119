#pragma once

#include "client/engine/request_template.hpp"
#include "client/judge/threshold.hpp"
#include "client/record/experiment_result.hpp"
#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// An experiment as its file describes it: which targets, in front of which backend, under which load.
struct Experiment {
  std::string name;  ///< letters, digits and dashes: it names the results folder
  std::string title;
  std::string question;
  std::vector<ExperimentTarget> targets;  ///< sweeps expanded

  std::string backend_mode = "remote";  ///< or "timer": servers wait by a timer of their own, without a backend
  DelayProfile backend;
  std::vector<std::string> backend_settings;  ///< those the file gives, as "key=value" words

  ExperimentLoad load;
  std::vector<RequestTemplate> requests;  ///< of the load's `targets_file`; empty without one
  std::string requests_text;              ///< the text of that file
  std::vector<Threshold> thresholds;      ///< that each run is held against; may be empty
  unsigned repeats = 3;
  RunOrder order;
  unsigned retries = 1;       ///< how often a run that is not valid is made again
  bool request_logs = false;  ///< every server logs its requests, for `check`

  std::string file;     ///< where it was read, from the root of the file system
  std::string content;  ///< its text
  bool quick = false;   ///< with its `quick` block applied, or shortened for want of one
};

/// Reads an experiment file (JSON with comments). Strict like the configs: whatever is unknown, given twice, missing,
/// of the wrong type or out of range is a one-line Failure that names the line and what is allowed. What stands in a
/// target's `server` is checked by the server itself, except that the keys the experiment sets are refused. Paths in it
/// are from its folder. `quick` asks for the short form: the changes of its `quick` block, or else one repeat and
/// shorter runs.
Result<Experiment> read_experiment(const std::string& path, bool quick = false);

/// The same from text; `name` is how errors call it, and where its folder is.
Result<Experiment> parse_experiment(const std::string& text, const std::string& name, bool quick = false);

/// The JSON Schema of such files, experiments/experiment.schema.json.
std::string experiment_schema();

}  // namespace waitlab::client
