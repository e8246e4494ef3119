#pragma once

#include "common/result.hpp"

#include <filesystem>
#include <string>

namespace waitlab::client {

/// Makes the new folder `out`/`name`-YYYYmmdd-HHMMSS (local time; a number is added if it exists) with a folder `logs`
/// in it. A folder that can't be made is a Failure.
Result<std::filesystem::path> make_results_folder(const std::filesystem::path& out, const std::string& name);

/// Makes the next folder `logs-2`, `logs-3` … in a folder of results, for a part that goes on with it.
Result<std::filesystem::path> make_next_logs_folder(const std::filesystem::path& results);

/// The result that a word of the command line stands for: itself, or the result.json of an experiment's folder.
std::string result_of_word(const std::string& word);

/// Removes files into which nothing was written.
void remove_empty_files(const std::filesystem::path& folder);

}  // namespace waitlab::client
