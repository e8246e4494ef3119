#pragma once

#include "client/record/experiment_result.hpp"

#include <string>

namespace waitlab::client {

/// The text of an experiment's result.json, with what follows from the runs as it follows today. Bytes that are not
/// UTF-8, which a comment of the experiment's file may hold, are replaced.
std::string experiment_document(const ExperimentResult& result);

}  // namespace waitlab::client
