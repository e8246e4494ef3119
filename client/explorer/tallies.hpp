#pragma once

#include "client/explorer/exploration.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace waitlab::client::explorer {

/// Outcomes with a number for each different one. Not thread-safe.
class OutcomeIndex {
 public:
  std::size_t number_of(const Outcome& outcome);
  const std::vector<Outcome>& outcomes() const { return outcomes_; }

 private:
  std::vector<Outcome> outcomes_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

/// Puts the outcomes in the order that `Exploration::outcomes` promises.
void sort_outcomes(std::vector<OutcomeTally>& outcomes);

}  // namespace waitlab::client::explorer
