#include "client/commands/plan_text.hpp"

#include "client/report/circumstances.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace waitlab::client {

std::string rough_time(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(time).count();
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

namespace {

/// Text behind a term in a column of its own.
std::string entry(const std::string& term, const std::string& text, std::size_t terms) {
  return fmt::format("  {:<{}}", term, terms) + wrap(text, terminal_columns, terms + 2);
}

std::string backend_text(const Experiment& experiment) {
  const std::string delay = describe_delay(experiment.backend.delay);
  if (experiment.backend_mode == "timer") return "none: each server waits by its own timer, " + delay;
  const auto most = experiment.backend.concurrency;
  return fmt::format("waitlab-backend, which holds each request: {}{}", delay,
                     most == 0 ? "" : fmt::format("; {} at once", most));
}

std::string order_text(const Experiment& experiment, const std::vector<PlannedSession>& sessions, std::size_t terms) {
  std::string text;
  for (unsigned repeat = 0; repeat < experiment.repeats; ++repeat) {
    std::vector<std::string> names;
    for (const PlannedSession& session : sessions) {
      if (session.repeat == repeat) names.push_back(experiment.targets[session.target].name);
    }
    if (!names.empty())
      text += entry(fmt::format("repeat {}", repeat + 1), fmt::format("{}", fmt::join(names, ", ")), terms);
  }
  return text;
}

}  // namespace

std::string plan_text(const Experiment& experiment, const std::vector<PlannedSession>& sessions) {
  std::size_t terms = std::string_view("repeat 100").size();
  for (const ExperimentTarget& target : experiment.targets)
    terms = std::max(terms, target.name.size());
  terms += 2;
  std::string text = (experiment.title.empty() ? experiment.name : experiment.title) + "\n\n";
  text += "Targets, each started anew for each repeat:\n";
  for (const ExperimentTarget& target : experiment.targets)
    text += entry(target.name, target_text(target), terms);
  text += "\nBackend and load:\n";
  text += entry("backend", backend_text(experiment), terms);
  text += entry("load", load_text(experiment.load), terms);
  text += entry("levels", levels_text(experiment.load), terms);
  if (!experiment.thresholds.empty())
    text += entry("thresholds", fmt::format("{}", fmt::join(texts_of(experiment.thresholds), ", ")), terms);
  text += "\nOrder, each target at every level in turn:\n" + order_text(experiment, sessions, terms);
  return text + "\nThat is " + extent_text(experiment, sessions) + ".\n";
}

std::string extent_text(const Experiment& experiment, const std::vector<PlannedSession>& sessions) {
  const auto counted = [](std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  return fmt::format("{} in {}, about {}", counted(count_runs(sessions), "run"), counted(sessions.size(), "session"),
                     rough_time(planned_time(experiment, sessions)));
}

}  // namespace waitlab::client
