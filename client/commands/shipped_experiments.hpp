#pragma once

#include "common/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace waitlab::client {

/// The files of the experiments in the folder, by name: all that end in .jsonc, but for mixes of requests, which end in
/// targets.jsonc.
std::vector<std::filesystem::path> shipped_experiments(const std::filesystem::path& folder);

/// What `experiment` without a file prints: the experiments, what they ask and how long they take; of one that can't be
/// read, what is wrong with it. 80 columns wide.
std::string shipped_experiments_text(const std::filesystem::path& folder);

/// The file that `name` means: itself if there is one, or else the one in the folder that is called so, with or without
/// its ending.
Result<std::filesystem::path> find_experiment_file(const std::string& name,
                                                   const Result<std::filesystem::path>& folder);

}  // namespace waitlab::client
