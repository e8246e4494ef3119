#pragma once

#include "client/record/slice.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

/// Responses that were good, per second, in the last half of a run: its stretches that begin at half of the window or
/// later, as far as the window goes. Nothing where there are none.
std::optional<double> good_in_last_half(const RunSeries& timeline, std::chrono::nanoseconds window);

/// What both queues let through.
struct OverloadSeen {
  std::optional<double> unbounded_per_s{};  ///< good responses in the last half of the run
  std::optional<double> bounded_per_s{};
};

/// The lesson's answer: the queue behind which at least 1.5 times as many were answered in time; "same" where neither
/// is. Empty where one was not measured.
std::string answer_of_overload(const OverloadSeen& seen);

/// What it shows.
std::string overload_sentences(const OverloadSeen& seen);

}  // namespace waitlab::client
