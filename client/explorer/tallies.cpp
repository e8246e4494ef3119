#include "client/explorer/tallies.hpp"

#include <algorithm>
#include <tuple>

namespace waitlab::client::explorer {
namespace {

template <class Matches, class Figure>
double sum_where(const std::vector<OutcomeTally>& outcomes, const Matches& matches, Figure figure) {
  double sum = 0;
  for (const OutcomeTally& tally : outcomes) {
    if (matches(tally.outcome)) sum += tally.*figure;
  }
  return sum;
}

bool is_wrong(const Outcome& outcome) {
  return !outcome.right;
}

}  // namespace

std::size_t OutcomeIndex::number_of(const Outcome& outcome) {
  const auto [place, is_new] = numbers_.try_emplace(outcome.text, outcomes_.size());
  if (is_new) outcomes_.push_back(outcome);
  return place->second;
}

void sort_outcomes(std::vector<OutcomeTally>& outcomes) {
  // By the length of the text first, so that "counter = 2" stands before "counter = 10".
  const auto key = [](const OutcomeTally& tally) {
    const Outcome& outcome = tally.outcome;
    return std::tuple(is_wrong(outcome), outcome.kind, outcome.text.size(), std::string_view(outcome.text));
  };
  std::sort(outcomes.begin(), outcomes.end(),
            [&](const OutcomeTally& a, const OutcomeTally& b) { return key(a) < key(b); });
}

double Exploration::schedules() const {
  return sum_where(
      outcomes, [](const Outcome&) { return true; }, &OutcomeTally::schedules);
}

double Exploration::schedules(Outcome::Kind kind) const {
  return sum_where(
      outcomes, [kind](const Outcome& outcome) { return outcome.kind == kind; }, &OutcomeTally::schedules);
}

double Exploration::likelihood(Outcome::Kind kind) const {
  return sum_where(
      outcomes, [kind](const Outcome& outcome) { return outcome.kind == kind; }, &OutcomeTally::likelihood);
}

double Exploration::wrong_schedules() const {
  return sum_where(outcomes, is_wrong, &OutcomeTally::schedules);
}

double Exploration::wrong_likelihood() const {
  return sum_where(outcomes, is_wrong, &OutcomeTally::likelihood);
}

}  // namespace waitlab::client::explorer
