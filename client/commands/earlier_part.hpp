#pragma once

#include "client/experiment/experiment_file.hpp"
#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <string>

namespace waitlab::client {

/// An experiment that was begun, and what was found by then.
struct EarlierPart {
  Experiment experiment;
  ExperimentResult result;
};

/// Reads what `--resume` goes on with from the result.json in `folder`: the experiment is that of `file`, or of the
/// file that the result names, or, where that is gone, of the text in the result. Failure: there is none, or the file,
/// or that of its load's requests, is no longer what it was.
Result<EarlierPart> read_earlier_part(const std::filesystem::path& folder, const std::string& file);

/// Whether runs made now can stand beside the earlier ones: by the same program, on the same machine, as far as a
/// report tells of it, and CPUs.
Result<void> expect_same_conditions(const ExperimentResult& earlier, const Machine& machine,
                                    const Placement& placement);

}  // namespace waitlab::client
