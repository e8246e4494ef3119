#include "client/experiment/experiment_file.hpp"

#include "client/engine/target.hpp"
#include "client/experiment/server_settings.hpp"
#include "common/config/apply_json.hpp"
#include "common/config/config_failure.hpp"
#include "common/config/config_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Pointer = json::json_pointer;

constexpr double highest_rate = 1'000'000;
constexpr std::size_t longest_name = 40;

const Pointer root;
const Pointer targets_place("/targets");
const Pointer load_place("/load");
const Pointer rates_place("/load/rates");

Failure failure_at(const JsonDocument& document, const Pointer& place, const std::string& what) {
  const std::string path = dotted_path(place);
  return config_failure(document.where(place), path.empty() ? what : path + ": " + what);
}

/// Everything in the file that is a single value.
ConfigSpec bind_values(Experiment& experiment) {
  ExperimentLoad& load = experiment.load;
  ConfigSpec spec;
  spec.text("name", experiment.name, "Names the folder of the results")
      .text("title", experiment.title, "Heads the report")
      .text("question", experiment.question, "What the experiment asks")
      .integer("repeats", experiment.repeats, 1, 100, "How often every target meets every level")
      .flag("request_logs", experiment.request_logs, "Whether every server logs its requests, for check")
      .text("load.path", load.path, "What is requested")
      .choice("load.arrivals", load.arrivals, {"poisson", "constant"}, "How arrivals are spaced")
      .duration("load.duration", load.duration, 100ms, 1h, "The measured part of a run")
      .duration("load.warmup", load.warmup, 0ns, 10min, "The part before it")
      .duration("load.timeout", load.timeout, 1ms, 10min, "How long a response may take")
      .integer("load.max_connections", load.max_connections, 1, 65'535, "The cap on connections")
      .integer("load.seed", load.seed, 0, UINT64_MAX, "Of the arrivals and the request ids");
  bind_delay_profile(spec, "backend.profile.", experiment.backend);
  return spec;
}

Result<void> check_members(const JsonDocument& document, const Pointer& place,
                           const std::vector<std::string>& allowed) {
  const json& object = document.root.at(place);
  if (!object.is_object()) return failure_at(document, place, "must be an object; found " + describe(object));
  for (const auto& [name, member] : object.items()) {
    if (std::ranges::find(allowed, name) != allowed.end()) continue;
    return failure_at(document, place / name, "unknown key" + suggest(name, allowed, allowed));
  }
  return {};
}

/// The list at `place`; a list that is missing, empty or no list is a Failure that shows `example`.
Result<json> read_list(const JsonDocument& document, const Pointer& place, const std::string& example) {
  if (!document.root.contains(place)) {
    return failure_at(document, place.parent_pointer(),
                      fmt::format("{} is missing; give it as {}", place.back(), example));
  }
  const json& list = document.root.at(place);
  if (list.is_array() && !list.empty()) return {boost::system::in_place_value, list};
  const std::string problem = list.is_array() ? "is empty" : "is no list; found " + describe(list);
  return failure_at(document, place, fmt::format("{}; give it as {}", problem, example));
}

Result<std::vector<double>> read_rates(const JsonDocument& document) {
  const auto list = read_list(document, rates_place, "[100, 200]");
  if (!list) return list.error();
  std::vector<double> rates;
  for (const json& rate : *list) {
    const Pointer place = rates_place / rates.size();
    if (!rate.is_number() || rate.get<double>() <= 0 || rate.get<double>() > highest_rate) {
      return failure_at(
          document, place,
          fmt::format("must be requests per second, above 0 and at most {}; found {}", highest_rate, describe(rate)));
    }
    if (std::ranges::find(rates, rate.get<double>()) != rates.end()) {
      return failure_at(document, place, fmt::format("{} is given twice", describe(rate)));
    }
    rates.push_back(rate.get<double>());
  }
  return rates;
}

/// Names become folder and file names.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  }) && name.front() != '.';
}

Failure bad_name(const JsonDocument& document, const Pointer& place, const std::string& found) {
  return failure_at(
      document, place,
      fmt::format("must be 1 to {} letters, digits, dashes, dots or underscores; found {}", longest_name, found));
}

Result<ExperimentTarget> read_target(const JsonDocument& document, const Pointer& place) {
  if (auto checked = check_members(document, place, {"name", "server"}); !checked) return checked.error();
  const json& object = document.root.at(place);
  const json name = object.value("name", json());
  if (!name.is_string() || !is_plain_name(name.get<std::string>())) {
    return bad_name(document, place / "name", describe(name));
  }
  ExperimentTarget target;
  target.name = name;
  target.family = target.name;
  if (!object.contains("server")) return target;
  auto settings = read_server_settings(document, place / "server");
  if (!settings) return settings.error();
  target.settings = std::move(*settings);
  target.strategy = strategy_of(target.settings);
  target.threads = threads_of(target.settings);
  return target;
}

Result<std::vector<ExperimentTarget>> read_targets(const JsonDocument& document) {
  const auto list = read_list(document, targets_place, R"([{"name": "loop", "server": {"strategy": "event-loop"}}])");
  if (!list) return list.error();
  std::vector<ExperimentTarget> targets;
  for (std::size_t index = 0; index < list->size(); ++index) {
    auto target = read_target(document, targets_place / index);
    if (!target) return target.error();
    if (std::ranges::find(targets, target->name, &ExperimentTarget::name) != targets.end()) {
      return failure_at(document, targets_place / index / "name",
                        fmt::format("\"{}\" is the name of an earlier target; names must differ", target->name));
    }
    targets.push_back(std::move(*target));
  }
  return targets;
}

Result<void> read_values(JsonDocument document, Experiment& experiment) {
  document.root.erase(targets_place.back());
  document.root.at(load_place).erase(rates_place.back());
  const auto values = apply_json(bind_values(experiment), document);
  if (!values) return values.error();
  if (!is_plain_name(experiment.name)) return bad_name(document, Pointer("/name"), json(experiment.name).dump());
  if (!is_request_path(experiment.load.path)) {
    return failure_at(
        document, load_place / "path",
        "must begin with / and be as in a URL, a space as %20; found " + json(experiment.load.path).dump());
  }
  if (const auto checked = check_delay_profile(experiment.backend, "backend.profile."); !checked) {
    return config_failure(document.where(Pointer("/backend")), checked.error().message);
  }
  return {};
}

Result<Experiment> build(const JsonDocument& document) {
  const auto members =
      check_members(document, root,
                    {"$schema", "name", "title", "question", "targets", "backend", "load", "repeats", "request_logs"});
  if (!members) return members.error();
  auto targets = read_targets(document);
  if (!targets) return targets.error();
  if (!document.root.contains("load")) return failure_at(document, root, "load is missing; it needs at least rates");
  const auto load_members = check_members(
      document, load_place, {"path", "arrivals", "rates", "duration", "warmup", "timeout", "max_connections", "seed"});
  if (!load_members) return load_members.error();
  auto rates = read_rates(document);
  if (!rates) return rates.error();

  Experiment experiment;
  if (auto read = read_values(document, experiment); !read) return read.error();
  experiment.targets = std::move(*targets);
  experiment.load.levels = std::move(*rates);
  experiment.file = document.name;
  if (!document.root.contains("backend")) return experiment;
  auto settings = flatten_settings(document, Pointer("/backend"));
  if (!settings) return settings.error();
  experiment.backend_settings = std::move(*settings);
  return experiment;
}

}  // namespace

Result<Experiment> parse_experiment(const std::string& text, const std::string& name) {
  const auto document = parse_jsonc(text, name);
  if (!document) return document.error();
  auto experiment = build(*document);
  if (experiment) experiment->content = text;
  return experiment;
}

Result<Experiment> read_experiment(const std::string& path) {
  const auto document = read_jsonc(path);
  if (!document) return document.error();
  auto experiment = build(*document);
  if (!experiment) return experiment;
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  experiment->content = text.str();
  return experiment;
}

}  // namespace waitlab::client
