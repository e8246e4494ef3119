#include "client/lessons/target_cells.hpp"

#include "client/stats/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace waitlab::client {
namespace {

std::chrono::nanoseconds whole_ns(Seconds time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

}  // namespace

TargetCells::TargetCells(const ExperimentResult& result) : result_(result), comparison_(compare(result)) {}

const Cell& TargetCells::operator[](std::string_view target) const {
  const auto found = std::ranges::find(result_.targets, target, &ExperimentTarget::name);
  return comparison_.at(0).cells.at(static_cast<std::size_t>(found - result_.targets.begin()));
}

std::vector<std::string> TargetCells::troubles() const {
  std::vector<std::string> sentences;
  std::vector<std::string> invalid;
  std::string why;
  for (const Cell& cell : comparison_.at(0).cells) {
    const std::string& name = result_.targets[cell.target].name;
    if (cell.runs == 0) {
      sentences.push_back(fmt::format("{} was not measured{}{}.", name, cell.troubles.empty() ? "" : ": ",
                                      cell.troubles.empty() ? "" : cell.troubles.front()));
    } else if (!cell.valid) {
      invalid.push_back(name);
      if (why.empty() && !cell.troubles.empty()) why = cell.troubles.front();
    }
  }
  if (!invalid.empty()) {
    sentences.push_back(fmt::format("a valid run of {}. The figures are those of runs that are INVALID: {}.",
                                    fmt::join(invalid, ", "), why));
  }
  return sentences;
}

std::optional<double> median_of(const Cell& cell, Metric metric) {
  return cell[metric] ? std::optional(cell[metric]->median) : std::nullopt;
}

std::optional<Seconds> median_time(const Cell& cell, Metric metric) {
  const auto shown_ms = median_of(cell, metric);
  return shown_ms ? std::optional(Seconds(*shown_ms / 1000)) : std::nullopt;
}

std::optional<Reading> reading_of_time(const std::optional<Seconds>& time) {
  return time ? std::optional(time_reading(whole_ns(*time))) : std::nullopt;
}

std::optional<Reading> reading_of_rate(const std::optional<double>& per_second) {
  return per_second ? std::optional(rate_reading(*per_second)) : std::nullopt;
}

std::string time_text(const std::optional<Seconds>& time) {
  return time ? short_time(whole_ns(*time)) : "nothing known";
}

}  // namespace waitlab::client
