#include "client/report/page_facts.hpp"

#include "client/judge/threshold.hpp"
#include "client/report/circumstances.hpp"
#include "client/report/difference.hpp"
#include "client/report/figure_text.hpp"
#include "client/stats/time_text.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

/// Results of single runs have no experiment file.
bool is_of_runs(const ExperimentResult& result) {
  return result.file.empty();
}

std::string repeats_text(const ExperimentResult& result) {
  if (is_of_runs(result)) return fmt::to_string(result.repeats);
  return fmt::format("{}, {}; a fresh server for each, with the same arrivals and delays for all targets{}",
                     result.repeats, result.order.shuffled ? "in shuffled order" : "the targets in turn",
                     result.made_again > 0 ? "; " + made_again_text(result.made_again) : "");
}

/// The command that does it again; of single runs, that of the first.
std::string command_text(const ExperimentResult& result) {
  if (is_of_runs(result)) return result.content;
  return fmt::format("waitlab-client experiment {}{}", shell_word(result.file), result.quick ? " --quick" : "");
}

Json method_json(const ExperimentResult& result) {
  const std::string recorded =
      fmt::format("{} by waitlab {}{}", result.started_at, result.version, result.quick ? ", with --quick" : "");
  const bool placed = !result.placement.server.empty();
  Json pairs = Json::array();
  for (const auto& [term, text] : std::initializer_list<std::pair<const char*, std::string>>{
           {"Load", load_text(result.load)},
           {"Levels", levels_text(result.load)},
           {"Thresholds", fmt::format("{}", fmt::join(result.thresholds, ", "))},
           {"Repeats", repeats_text(result)},
           {"Backend", fmt::format("{}", fmt::join(result.backend, ", "))},
           {"Placement", placed ? placement_text(result.placement) : ""},
           {"Machine", machine_text(result.machine)},
           {"Recorded", recorded},
           {"Reproduce", command_text(result)}})
    pairs.push_back(Json::array({term, text}));
  return pairs;
}

Json target_texts_json(const ExperimentResult& result) {
  Json targets = Json::array();
  for (const ExperimentTarget& target : result.targets)
    targets.push_back(Json::array({target.name, target_text(target)}));
  return targets;
}

Json limitations_json(const ExperimentResult& result) {
  const bool watched =
      std::ranges::any_of(result.targets, [](const auto& target) { return target.kind != TargetKind::url; });
  Json limitations = {
      "Response times count from when a request was due, not from when it was sent, so that a server that falls behind "
      "cannot hide it (coordinated omission). In a closed loop the next request is due once the last response is "
      "there: an overload shows as a lower rate.",
      fmt::format(
          "A difference of response times is reported where two confidence intervals of their ratio exclude 1, and "
          "the ratio is at least {}: over the repeats, at 95 %, and within the runs, at 95 % for all the comparisons "
          "of the experiment together. A single repeat must do with the second, and takes a ratio of {}: what changes "
          "from run to run is not in it.",
          smallest_ratio, smallest_ratio_of_one_repeat)};
  if (watched) {
    limitations.push_back(
        "The server was observed from outside: threads and memory ten times a second, so that shorter peaks may be "
        "missed; CPU time and context switches by the kernel's counters, without the thread that answers the "
        "observer.");
    limitations.push_back("Everything ran on one machine, over loopback: a real network adds its own latency.");
  }
  return limitations;
}

/// Whether workers come and go with what they hold, so that no row of a picture is one of them: none queues for them.
bool makes_workers_anew(const StrategyFacts& facts) {
  return facts.holds_worker && !facts.queue;
}

/// A row that many short threads take in turn is called by what it is.
Json threads_notes_json(const ExperimentResult& result) {
  Json notes = Json::object();
  for (const ExperimentTarget& target : result.targets) {
    if (!target.facts || !makes_workers_anew(*target.facts)) continue;
    notes[target.name] = fmt::format("Under {0} a row is not one {1} but a slot that one {1} after another takes: {2}.",
                                     target.strategy, worker_name(target.facts->worker), target.facts->description);
  }
  return notes;
}

std::string theory_label(const Theory& theory) {
  const WaitingLine& line = theory.line;
  if (!line.servers) {
    return fmt::format("theory: no queueing{} ({})",
                       line.calls > 1 ? fmt::format(", {} parallel calls", line.calls) : "", theory.law);
  }
  return fmt::format("theory: {} servers{} ({})", *line.servers,
                     theory.bounded() ? fmt::format(", queue of {}", *line.room) : "", theory.law);
}

Json place_json(double x, const std::string& label) {
  return {{"x", x}, {"label", label}};
}

/// Where on the axis of the load the servers are all busy; null if there are as many as needed.
Json limit_json(const ExperimentLoad& load, const Theory& theory) {
  const auto capacity = theory.capacity();
  if (!capacity) return nullptr;
  const unsigned servers = *theory.line.servers;
  if (load.loop == Loop::closed) return place_json(servers, fmt::format("beyond {}: connections queue", servers));
  return place_json(*capacity,
                    fmt::format("capacity: {} ÷ {} = {:.4g}/s", servers, short_time(theory.line.hold), *capacity));
}

/// The same of a target for whose holds there is no theory, by the highest rate at which it was seen.
Json measured_limit_json(const Comparison& comparison, std::size_t target) {
  Json place = nullptr;
  for (const LevelGroup& group : comparison) {
    const Cell& cell = group.cells[target];
    const auto capacity = capacity_of(cell, group.level);
    const auto held = mean_held(cell, group.level);
    if (capacity && held)
      place = place_json(*capacity, fmt::format("capacity: {} ÷ {} = {:.3g}/s, as measured", *cell.workers,
                                                short_time(*held), *capacity));
  }
  return place;
}

/// The setting that a sweep over the number of workers sweeps; empty where there is none.
std::string size_key_of(const ExperimentTarget& target) {
  return target.facts ? target.facts->size_key : "";
}

/// By Little's law, the workers that a rate keeps busy at the same time.
Json busy_place(const Level& level, double busy) {
  return place_json(busy, fmt::format("busy on average at {}: {:.3g}", format_level(level), busy));
}

/// One for each offered rate: by theory, or else as measured of this target.
Json busy_json(const ExperimentLoad& load, const Comparison& comparison, std::size_t target, const Theory* theory) {
  Json places = Json::array();
  if (load.loop == Loop::closed) return places;
  for (const LevelGroup& group : comparison) {
    const auto& utilisation = group.cells[target][Metric::utilisation];
    const auto& workers = group.cells[target].workers;
    if (theory)
      places.push_back(busy_place(group.level, group.level.value * Seconds(theory->line.hold).count()));
    else if (utilisation && workers)
      places.push_back(busy_place(group.level, utilisation->median / 100 * *workers));
  }
  return places;
}

/// Those about response times that are shown, whose limit is a line across their chart.
Json thresholds_json(const ExperimentResult& result) {
  Json lines = Json::array();
  for (const std::string& text : result.thresholds) {
    const auto threshold = parse_threshold(text);
    if (!threshold || threshold->metric != Threshold::Metric::percentile || threshold->service) continue;
    each_metric([&](Metric metric) {
      if (metric->quantile == threshold->quantile)
        lines.push_back({{"key", metric->key()}, {"y", in_shown_unit(metric, threshold->limit)}, {"label", text}});
    });
  }
  return lines;
}

/// What `describe(target, theory)` says of each target, by its name; what is null or empty is left out.
template <class Describe>
Json by_target(const ExperimentResult& result, const std::vector<Theory>& all, Describe describe) {
  Json texts = Json::object();
  for (std::size_t target = 0; target < result.targets.size(); ++target) {
    const auto theory = std::ranges::find(all, target, &Theory::target);
    Json text = describe(target, theory == all.end() ? nullptr : &*theory);
    if (!text.is_null() && text != Json::array() && text != Json(""))
      texts[result.targets[target].name] = std::move(text);
  }
  return texts;
}

std::string_view note_on(std::string_view law) {
  if (law == "Erlang-C") {
    return "Erlang-C: expected response time with this many servers, Poisson arrivals and exponential service times. "
           "It includes no overhead, takes the mean of the backend's profile for granted and describes a steady state, "
           "while a run starts empty and is short: near capacity it stays below the curve. Beyond capacity there is no "
           "steady state, as the queue grows without bound.";
  }
  if (law == "M/M/c/K") {
    return "M/M/c/K: expected response time with this many servers and a bounded queue; accepted requests only.";
  }
  return "";
}

/// Of every law among them, and of Goetz's formula where it applies, as `Goetz`.
Json theory_notes_json(const std::vector<Theory>& all) {
  Json notes = Json::object();
  for (const Theory& theory : all) {
    if (const auto note = note_on(theory.law); !note.empty()) notes[theory.law] = note;
    if (theory.goetz) {
      notes["Goetz"] =
          "Goetz: CPUs × (1 + wait ÷ CPU time of a request), the number of threads beyond which more do not raise CPU "
          "utilisation. It says nothing about latency, and is not a size to choose.";
    }
  }
  return notes;
}

}  // namespace

nlohmann::ordered_json page_facts(const ExperimentResult& result, const Comparison& comparison,
                                  const std::vector<Theory>& all) {
  return {
      {"method", method_json(result)},
      {"targets", target_texts_json(result)},
      {"limitations", limitations_json(result)},
      {"thresholds", thresholds_json(result)},
      {"many_errors_percent", many_errors_percent},
      {"threads_notes", threads_notes_json(result)},
      {"size_keys",
       by_target(result, all, [&](std::size_t target, const Theory*) { return size_key_of(result.targets[target]); })},
      {"limits", by_target(result, all,
                           [&](std::size_t target, const Theory* theory) {
                             return theory ? limit_json(result.load, *theory) : measured_limit_json(comparison, target);
                           })},
      {"busy", by_target(result, all,
                         [&](std::size_t target, const Theory* theory) {
                           return busy_json(result.load, comparison, target, theory);
                         })},
      {"theory", by_target(result, all,
                           [](std::size_t, const Theory* theory) {
                             return theory ? Json{{"label", theory_label(*theory)}} : Json();
                           })},
      {"theory_notes", theory_notes_json(all)}};
}

}  // namespace waitlab::client
