#pragma once

#include "client/explorer/exploration.hpp"
#include "client/explorer/run.hpp"

#include <string>

namespace waitlab::client::explorer {

/// Texts for a terminal of `terminal_columns`. Each ends in a newline. Only a schedule is never broken, as it is to be
/// copied: one of more steps than that makes a longer line.

/// A run from its start, a line for each step: a column for each thread and, on the right, the shared data after the
/// step: a variable's value, and of a lock the thread that holds it, or -. Threads that wait at the end for a lock are
/// marked; the last line is the outcome, if there is one. Where threads need more columns than there are, they share
/// one, which names the thread.
std::string run_text(const GuidedRun& run);

/// What whoever chooses the next thread has to know: each thread's steps with a mark at its next one (">", or "x" if it
/// cannot be taken), what threads wait for, the shared data, and which threads can go on.
std::string choice_text(const GuidedRun& run);

/// The outcomes of an exploration: of how many schedules, the share, what is likely under a random scheduler, and a
/// schedule to replay for each that is wrong.
std::string exploration_text(const Exploration& exploration);

/// What no exploration proves.
std::string limits_text();

}  // namespace waitlab::client::explorer
