#pragma once

#include "client/experiment/experiment_file.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace waitlab::client {

/// The folder of the experiments that come with programs in the folder `programs`: of an installation, or of the
/// checkout they were built in. Failure if there is none.
Result<std::filesystem::path> find_shipped_experiments(const std::filesystem::path& programs);

/// The experiments in the folder, by name; with their `quick` form if asked for. Files that are none are passed over.
std::vector<Experiment> read_shipped_experiments(const std::filesystem::path& folder, bool quick = false);

/// What `experiment` without a file prints: the experiments, what they ask and how long they take. 80 columns wide.
std::string shipped_experiments_text(const std::filesystem::path& folder);

/// The file that `name` means: itself if there is one, or else the experiment of that name in the folder.
Result<std::filesystem::path> find_experiment_file(const std::string& name,
                                                   const Result<std::filesystem::path>& folder);

}  // namespace waitlab::client
