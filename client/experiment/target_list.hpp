#pragma once

#include "client/record/experiment_result.hpp"
#include "common/json/json_place.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace waitlab::client {

/// Reads the `targets` of an experiment file, and its `sweep`, which multiplies every server among them. A target is a
/// server of ours with overrides, any command, or a URL; see docs/experiments.md. Commands run in `folder`, that of the
/// file, or where they say from there. What is wrong is refused at its place.
std::vector<ExperimentTarget> read_targets(const JsonPlace& root, const std::filesystem::path& folder);

/// Names become names of folders and files: 1 to 40 letters, digits, dashes, dots and underscores. Refused otherwise.
std::string read_name(const JsonPlace& object);

/// Refuses a path that can't be asked for, at its place.
void check_path(const JsonPlace& place, const std::string& path);

/// Whether the target's command, or its environment, asks for the placeholder.
bool asks_for(const ExperimentTarget& target, const std::string& placeholder);

}  // namespace waitlab::client
