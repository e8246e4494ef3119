#pragma once

#include "client/report/comparison.hpp"

#include <string>

namespace waitlab::client {

/// Whether the target met every threshold in each of its valid runs, of which there must be one.
bool passes(const Cell& cell);

/// Whether at each level some target passes; true where no threshold was set.
bool somebody_passes(const ExperimentResult& result, const Comparison& comparison);

/// Which targets pass at one level, in a sentence without the level and the full stop; empty where no threshold was set
/// or no run counts. Of a sweep over one number, the smallest value that passes is named, with the one below it.
std::string tell_passing(const ExperimentResult& result, const LevelGroup& group);

/// What passing proves of a target: of n runs that all pass, the share that at least pass at 95 % confidence is
/// 0.05^(1/n) (Clopper and Pearson, "The use of confidence or fiducial limits", 1934). Empty where nothing passes.
std::string tell_certainty_of_passing(const Comparison& comparison);

}  // namespace waitlab::client
