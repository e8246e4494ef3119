#include "client/report/target_names.hpp"

#include "client/report/wording.hpp"

namespace waitlab::client {
namespace {

using Targets = std::vector<const ExperimentTarget*>;

constexpr std::size_t fewest_in_range = 3;

bool swept_over_one(const ExperimentTarget& target) {
  return target.sweep.size() == 1;
}

/// How many of the targets from `first` on are neighbours in one sweep.
std::size_t length_of_range(const Targets& targets, std::size_t first) {
  const ExperimentTarget* const begin = targets[first];
  std::size_t length = 1;
  while (swept_over_one(*begin) && first + length < targets.size() && targets[first + length] == begin + length &&
         targets[first + length]->family == begin->family)
    ++length;
  return length;
}

}  // namespace

std::string names_of(const Targets& targets) {
  std::vector<std::string> names;
  for (std::size_t next = 0; next < targets.size();) {
    const std::size_t length = length_of_range(targets, next);
    const bool as_one = length >= fewest_in_range;
    names.push_back(targets[next]->name + (as_one ? " … " + targets[next + length - 1]->name : ""));
    next += as_one ? length : 1;
  }
  return enumerate(names);
}

}  // namespace waitlab::client
