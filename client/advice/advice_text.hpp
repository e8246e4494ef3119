#pragma once

#include "client/advice/advice.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What to do, or why nothing does: a sentence.
std::string headline(const Advice& advice);

/// One step of the reasoning: what it is about, in a word, and what was found.
struct AdviceReason {
  std::string about;
  std::string text;
};

/// The holds, the load, the pool, Goetz's number, the CPUs, the backend: always six, in this order.
std::vector<AdviceReason> reasons(const Advice& advice);

/// What the advice takes for granted or leaves out, a sentence each.
std::vector<std::string> unknowns(const Advice& advice);

/// "key=value" words for waitlab-server's `--set`; `size` counts only for one that has a size.
std::vector<std::string> settings_of(const NamedStrategy& strategy, unsigned size);

/// "p99", or "mean".
std::string goal_label(const ResponseGoal& goal);

/// "26 threads"; empty where it has no size.
std::string size_text(const Advice& advice);

/// All of it for a terminal, 80 columns wide, with the config and the command that tries it out; ends in a newline.
/// `command` is the one that was given.
std::string advice_text(const Advice& advice, const std::string& command);

}  // namespace waitlab::client
