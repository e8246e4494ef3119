#pragma once

#include "client/record/load_result.hpp"
#include "common/result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// The results that a word of the command line stands for, at least one, in the order of their names: a result file of
/// `run --json`, several joined by commas, a folder of them, or the runs of one target of an experiment's result.json,
/// FILE#TARGET or FILE#TARGET@LEVEL. What can't be read is a Failure that names it.
Result<std::vector<NamedResult>> read_results(const std::string& source);

}  // namespace waitlab::client
