#include "client/report/wording.hpp"

#include "client/format/result_text.hpp"
#include "client/report/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace waitlab::client {
namespace {

std::string milliseconds_text(double milliseconds) {
  const std::chrono::duration<double, std::milli> time(milliseconds);
  return short_time(std::chrono::duration_cast<std::chrono::nanoseconds>(time));
}

std::string number_text(double value) {
  return fmt::format("{:.{}f}", value, value > 0 && value < 9.95 ? 1 : 0);
}

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

std::string times(const Spread& one, const Spread& other) {
  const Estimate ratio = ratio_of(one, other);
  const int decimals = decimals_off_one(ratio, ratio.value < 9.95 ? 1 : 0);
  const auto text = [decimals](double value) { return fmt::format("{:.{}f}", value, decimals); };
  const std::string value = text(ratio.value);
  if (one.at_least) return fmt::format("at least {} times", value);
  if (!ratio.low || !ratio.high || text(*ratio.low) == text(*ratio.high)) return value + " times";
  return fmt::format("{} ({}–{}) times", value, text(*ratio.low), text(*ratio.high));
}

std::string rate_text(double per_second) {
  return number_text(per_second) + "/s";
}

std::string percent_text(double percent) {
  return number_text(percent) + " %";
}

std::string served_of_arrived(const Entrants& entrants) {
  const auto [least, most] =
      std::ranges::minmax(entrants, {}, [](const Entrant& one) { return one.median(Metric::good); });
  const std::string low = number_text(least.median(Metric::good));
  const std::string high = number_text(most.median(Metric::good));
  const std::string served =
      low == high ? low : fmt::format("{} ({}) to {} ({})", low, least.name(), high, most.name());
  return fmt::format("{} of {} requests/s", served, number_text(least.median(Metric::arrived)));
}

std::string time_text(const Entrant& entrant, Metric metric) {
  const auto& figure = entrant[metric];
  if (!figure) return "unknown";
  return fmt::format("{}{}", figure->at_least ? "more than " : "", milliseconds_text(figure->median));
}

std::string enumerate(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t index = 0; index < parts.size(); ++index) {
    if (index > 0) text += index + 1 == parts.size() ? " and " : ", ";
    text += parts[index];
  }
  return text;
}

std::string join_clauses(const std::vector<std::string>& clauses) {
  std::string text;
  for (const std::string& clause : clauses) {
    if (!text.empty() && !clause.empty()) text += "; ";
    text += clause;
  }
  return text;
}

std::string names_of(const std::vector<const ExperimentTarget*>& targets) {
  std::vector<std::string> names;
  for (std::size_t next = 0; next < targets.size();) {
    const std::size_t length = length_of_range(targets, next);
    const bool as_one = length >= fewest_in_range;
    names.push_back(targets[next]->name + (as_one ? " … " + targets[next + length - 1]->name : ""));
    next += as_one ? length : 1;
  }
  return enumerate(names);
}

std::string names_of(const Entrants& entrants) {
  std::vector<const ExperimentTarget*> targets;
  for (const Entrant& one : entrants)
    targets.push_back(one.target);
  return names_of(targets);
}

std::string times_on_par(const Entrants& entrants) {
  std::vector<double> p99s;
  bool bounds = false;
  for (const Entrant& one : entrants) {
    const auto& p99 = one[Metric::p99];
    if (!p99) continue;
    p99s.push_back(p99->median);
    bounds = bounds || p99->at_least;
  }
  if (p99s.size() < entrants.size()) return "too few requests for a p99";
  if (bounds) return "time-outs hide some of the p99s";
  const auto [lowest, highest] = std::ranges::minmax(p99s);
  const std::string low = milliseconds_text(lowest);
  const std::string high = milliseconds_text(highest);
  if (low == high) return fmt::format("{} have a p99 of {}", p99s.size() == 2 ? "both" : "all", low);
  return fmt::format("p99 from {} to {}, which may be due to chance", low, high);
}

}  // namespace waitlab::client
