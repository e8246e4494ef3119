#pragma once

#include "client/record/load_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

struct MergedResult {
  LoadResult result;
  std::string how;                    ///< one sentence: whether the runs went side by side or one after another
  std::vector<std::string> warnings;  ///< what a reader must know of results that differ, one sentence each
};

/// Joins results, at least one, into that of one run. Counts, histograms and split add up exactly, in any order.
/// Runs went side by side if more than half of the shorter window lies in the other: their rates, threads and
/// connections add up, the window is that of the longest, and so are the percentiles' effective samples. Otherwise they
/// went one after another: the windows and effective samples add up, but for those of one seed, which brings the same
/// arrivals and holds, and the offered rate is the mean over them. A result that is given twice counts once. The
/// result is valid if all are, and its thresholds are held against the whole. The fit of the arrivals can't be joined
/// and is left out; so are the steps and targets, with a warning, where they are not the same in all. A single result
/// stays as it is.
MergedResult merge_results(std::vector<LoadResult> results);

/// The same of results, at least one, that are known to be of one run: those of shards of a load that started together.
/// They are taken to be valid, and thresholds are not held against the whole.
LoadResult join_side_by_side(const std::vector<LoadResult>& results);

}  // namespace waitlab::client
