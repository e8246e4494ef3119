#include "client/experiment/experiment_file.hpp"

#include "client/engine/request_template.hpp"
#include "client/experiment/level_list.hpp"
#include "client/experiment/server_settings.hpp"
#include "client/experiment/target_list.hpp"
#include "common/config/apply_json.hpp"
#include "common/config/config_failure.hpp"
#include "common/config/config_spec.hpp"
#include "common/config/jsonc.hpp"
#include "common/result.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using Pointer = json::json_pointer;

/// Takes the `quick` block out of an experiment file. If `quick`, the block is a merge patch (RFC 7396) that changes
/// the rest, and errors in what it brings name its own lines. Returns whether there was a block. Failure: it is no
/// object.
Result<bool> take_quick_patch(JsonDocument& document, bool quick) {
  const Pointer place("/quick");
  if (!document.root.is_object() || !document.root.contains(place)) return false;
  const json patch = document.root.at(place);
  if (!patch.is_object()) {
    return config_failure(document.where(place), "quick: must be an object of changes; found " + describe(patch));
  }
  document.root.erase(place.back());
  if (!quick) return true;
  document.root.merge_patch(patch);
  const std::string inside = place.to_string() + "/";
  const std::map<std::string, std::size_t> lines = document.lines;
  for (auto line = lines.lower_bound(inside); line != lines.end() && line->first.starts_with(inside); ++line)
    document.lines[line->first.substr(place.to_string().size())] = line->second;
  return true;
}

constexpr std::chrono::nanoseconds quick_duration = 2s;
constexpr std::chrono::nanoseconds quick_warmup = 300ms;

/// Everything in the file that is a single value.
ConfigSpec bind_values(Experiment& experiment) {
  ExperimentLoad& load = experiment.load;
  ConfigSpec spec;
  spec.text("name", experiment.name, "Names the folder of the results")
      .text("title", experiment.title, "Heads the report")
      .text("question", experiment.question, "What the experiment asks")
      .integer("repeats", experiment.repeats, 1, 100, "How often every target meets every level")
      .flag("order.shuffled", experiment.order.shuffled, "Whether the targets of a repeat take turns at random")
      .integer("order.seed", experiment.order.seed, 0, UINT64_MAX, "Of that")
      .flag("request_logs", experiment.request_logs, "Whether every server logs its requests, for check")
      .choice("backend.mode", experiment.backend_mode, {"remote", "timer"}, "What the servers wait for")
      .text("load.path", load.path, "What is requested")
      .text("load.targets", load.targets_file, "A file of requests to mix, instead of the path")
      .choice("load.arrivals", load.arrivals, {"poisson", "constant"}, "How arrivals are spaced")
      .duration("load.duration", load.duration, 100ms, 1h, "The measured part of a run")
      .duration("load.warmup", load.warmup, 0ns, 10min, "The part before it")
      .duration("load.timeout", load.timeout, 1ms, 10min, "How long a response may take")
      .integer("load.max_connections", load.max_connections, 1, 65'535, "The cap on connections of an open loop")
      .integer("load.seed", load.seed, 0, UINT64_MAX, "Of the arrivals and the request ids");
  bind_delay_profile(spec, "backend.profile.", experiment.backend);
  return spec;
}

/// What is a list, or depends on what else is given.
void read_lists(const JsonPlace& root, const fs::path& folder, Experiment& experiment) {
  root.allow_only({"$schema", "name", "title", "question", "targets", "sweep", "backend", "load", "repeats", "order",
                   "request_logs"});
  experiment.name = read_name(root);
  experiment.targets = read_targets(root, folder);
  const JsonPlace load = root["load"];
  load.allow_only({"path", "targets", "arrivals", "rates", "connections", "duration", "warmup", "timeout",
                   "max_connections", "seed"});
  read_levels(load, experiment.load);
  if (load.has("targets") && load.has("path")) load["targets"].refuse("path is given too; remove one of them");
  if (root.has("backend")) experiment.backend_settings = flatten_settings(root["backend"]);
}

Result<void> read_values(JsonDocument document, Experiment& experiment) {
  for (const char* key : {"targets", "sweep"})
    document.root.erase(key);
  for (const char* key : {"rates", "connections"})
    document.root.at("load").erase(key);
  const auto values = apply_json(bind_values(experiment), document);
  if (!values) return values.error();
  if (const auto checked = check_delay_profile(experiment.backend, "backend.profile."); !checked) {
    return config_failure(document.where(Pointer("/backend")), checked.error().message);
  }
  return {};
}

/// What can only be said once all of the values are known.
void check_values(const JsonPlace& root, const Experiment& experiment) {
  const JsonPlace load = root["load"];
  if (load.has("path")) check_path(load["path"], experiment.load.path);
  const bool mixes = load.has("targets");
  if (mixes && std::ranges::any_of(experiment.targets, [](const auto& target) { return !target.path.empty(); })) {
    load["targets"].refuse("says what is asked for; remove the path of the targets");
  }
  if (!experiment.backend.hold_log.empty()) {
    root["backend"].refuse("profile.hold_log is set by the experiment itself; remove it here");
  }
  if (experiment.backend_mode != "timer") return;
  if (experiment.backend.concurrency != 0) {
    root["backend"]["mode"].refuse("a timer serves any number at once; leave out profile.concurrency, or the mode");
  }
  const auto asks_for_backend = [](const ExperimentTarget& target) { return asks_for(target, "backend"); };
  if (std::ranges::any_of(experiment.targets, asks_for_backend)) {
    root["backend"]["mode"].refuse("there is no {backend} if servers wait by a timer; remove the mode");
  }
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The path of the file is from the folder of the experiment.
Result<void> read_requests(const fs::path& folder, Experiment& experiment) {
  ExperimentLoad& load = experiment.load;
  const auto has_path = [](const ExperimentTarget& target) { return !target.path.empty(); };
  if (std::ranges::all_of(experiment.targets, has_path)) load.path.clear();
  if (load.targets_file.empty()) return {};
  load.path.clear();
  load.targets_file = (folder / load.targets_file).string();
  auto requests = read_targets_file(load.targets_file);
  if (!requests) return requests.error();
  experiment.requests = std::move(*requests);
  experiment.requests_text = text_of(load.targets_file);
  return {};
}

void shorten(Experiment& experiment) {
  experiment.repeats = 1;
  experiment.load.duration = std::min(experiment.load.duration, quick_duration);
  experiment.load.warmup = std::min(experiment.load.warmup, quick_warmup);
}

Result<Experiment> build(JsonDocument document, bool quick) {
  const auto patched = take_quick_patch(document, quick);
  if (!patched) return patched.error();
  const fs::path folder = fs::path(document.name).parent_path();
  std::optional<Failure> failure;
  const JsonPlace root(document, failure);
  Experiment experiment;
  read_lists(root, folder, experiment);
  if (failure) return *failure;
  if (auto read = read_values(document, experiment); !read) return read.error();
  check_values(root, experiment);
  if (failure) return *failure;
  if (auto read = read_requests(folder, experiment); !read) return read.error();
  experiment.file = fs::absolute(document.name).string();  // --resume may be asked for in another folder
  experiment.quick = quick;
  if (quick && !*patched) shorten(experiment);
  return experiment;
}

/// A mistake in the short form is told when the file is read, and not when that form is wanted.
Result<Experiment> build_checked(const JsonDocument& document, bool quick) {
  auto experiment = build(document, quick);
  if (quick || !experiment) return experiment;
  const auto short_form = build(document, true);
  return short_form ? std::move(experiment) : short_form.error();
}

}  // namespace

Result<Experiment> parse_experiment(const std::string& text, const std::string& name, bool quick) {
  auto document = parse_jsonc(text, name);
  if (!document) return document.error();
  auto experiment = build_checked(*document, quick);
  if (experiment) experiment->content = text;
  return experiment;
}

Result<Experiment> read_experiment(const std::string& path, bool quick) {
  auto document = read_jsonc(path);
  if (!document) return document.error();
  auto experiment = build_checked(*document, quick);
  if (!experiment) return experiment;
  experiment->content = text_of(path);
  return experiment;
}

}  // namespace waitlab::client
