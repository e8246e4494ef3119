#include "client/experiment/experiment_file.hpp"

#include "client/engine/request_template.hpp"
#include "client/experiment/level_list.hpp"
#include "client/experiment/server_settings.hpp"
#include "client/experiment/target_list.hpp"
#include "common/config/config_failure.hpp"
#include "common/config/config_setting.hpp"
#include "common/config/config_spec.hpp"
#include "common/config/jsonc.hpp"
#include "common/json/keys.hpp"
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

/// An experiment as its file has it: its targets not yet multiplied by their sweeps.
struct WrittenExperiment {
  Experiment experiment;
  std::vector<WrittenTarget> targets;
  Sweep sweep;
};

/// What servers wait for. Its keys may be dotted, as in a config.
struct BackendForm {
  static auto binding(Experiment& experiment) {
    return [&experiment](ConfigSpec& spec) {
      spec.choice("mode", experiment.backend_mode, {"remote", "timer"},
                  "remote: a waitlab-backend that all targets share. timer: no network, each server waits by itself");
      bind_delay_profile(spec, "profile.", experiment.backend);
    };
  }

  void read(const JsonPlace& place, Experiment& experiment) const {
    ConfigSpec spec;
    binding(experiment)(spec);
    place.apply(spec);
    experiment.backend_settings = flatten_settings(place);
  }

  /// The log is the experiment's own.
  template <class>
  form::Json schema(form::Json&) const {
    Experiment any;
    ConfigSpec spec;
    binding(any)(spec);
    form::Json schema = settings_schema(spec);
    schema["properties"]["profile"]["properties"].erase("hold_log");
    return schema;
  }
};

/// Conditions as `run --threshold` takes them.
struct ThresholdList {
  void read(const JsonPlace& place, std::vector<Threshold>& thresholds) const {
    thresholds.clear();
    for (const JsonPlace& item : place.items()) {
      auto threshold = parse_threshold(item.text());
      if (!threshold) return item.refuse(threshold.error().message);
      if (std::ranges::count(thresholds, threshold->text, &Threshold::text) > 0) return item.refuse("is there twice");
      thresholds.push_back(std::move(*threshold));
    }
    if (!thresholds.empty()) imply_errors(thresholds);
  }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "array"}, {"items", {{"type", "string"}}}, {"uniqueItems", true}};
  }
};

/// By the time that the rest is read, the block has been taken out of the file: one that is there still stood in it.
struct QuickForm {
  void read(const JsonPlace& place, const Experiment&) const { place.refuse("can't be changed by itself; remove it"); }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "object"}};
  }
};

void choose_loop(const JsonPlace& place, ExperimentLoad& load) {
  const bool open = place.has("rates");
  load.loop = open ? Loop::open : Loop::closed;
  if (open == place.has("connections")) {
    place.refuse(open ? "rates and connections are both given; an open loop has rates, a closed one connections"
                      : "rates is missing, or connections for a closed loop; give it as [100, 200]");
  }
  for (const char* key : {"arrivals", "max_connections"}) {
    if (!open && place.has(key)) place[key].refuse("is of an open loop; connections make a closed one");
  }
}

struct VisitLoad {
  void operator()(auto& visit, ExperimentLoad& load) const {
    visit.type("load", "The same load for all targets.");
    visit.check([&](const JsonPlace& place) { choose_loop(place, load); });
    visit.with_default("path", request_path, load.path, "What is asked for.");
    visit.optional("targets", form::system_text, load.targets_file,
                   "A file of requests to mix instead, as of run --targets.");
    visit.optional("rates", rate_levels, load.levels, "An open loop: requests per second, each in its turn.");
    visit.optional("connections", connection_levels, load.levels,
                   "A closed loop: how many connections, each in its turn.");
    visit.settings([&](ConfigSpec& spec) {
      spec.choice("arrivals", load.arrivals, {"poisson", "constant"}, "How the requests of an open loop are spaced")
          .duration("duration", load.duration, 100ms, 1h, "The measured part of a run")
          .duration("warmup", load.warmup, 0ns, 10min, "The part before it")
          .duration("timeout", load.timeout, 1ms, 10min, "How long a response may take")
          .integer("max_connections", load.max_connections, 1, 65'535, "The cap on the connections of an open loop")
          .integer("seed", load.seed, 0, UINT64_MAX, "Of the arrivals and the request ids");
    });
    visit.check([](const JsonPlace& place) {
      if (place.has("targets") && place.has("path")) place["targets"].refuse("path is given too; remove one of them");
    });
    visit.rule([] {
      return form::Json{
          {"oneOf",
           {{{"required", {"rates"}}},
            {{"required", {"connections"}}, {"properties", {{"arrivals", false}, {"max_connections", false}}}}}},
          {"not", {{"required", {"path", "targets"}}}}};
    });
  }
};

struct VisitExperiment {
  void operator()(auto& visit, WrittenExperiment& written) const {
    Experiment& experiment = written.experiment;
    visit.optional("$schema", form::SchemaReference{}, experiment);
    visit.required("name", plain_name, experiment.name, "Names the folder of the results.");
    visit.settings([&](ConfigSpec& spec) {
      spec.text("title", experiment.title, "Heads the report")
          .text("question", experiment.question, "What the experiment asks");
    });
    visit.required("targets", target_list, written.targets, "What is loaded, each in its turn.");
    visit.optional("sweep", SweepForm{}, written.sweep, "Keys of a server and their values: multiplies every server.");
    visit.optional("backend", BackendForm{}, experiment, "The slow backend of the servers.");
    visit.required("load", form::Keys{VisitLoad{}}, experiment.load, "What is asked of each target, and how fast.");
    visit.optional("thresholds", ThresholdList{}, experiment.thresholds,
                   "What each run is held against, as run --threshold: \"p99<200ms\". Unless one is about errors, "
                   "errors<1% is implied.");
    visit.settings([&](ConfigSpec& spec) {
      spec.integer("repeats", experiment.repeats, 1, 100, "How often every target meets every level")
          .integer("retries", experiment.retries, 0, 5, "How often a run that is INVALID is made again, at the end")
          .flag("order.shuffled", experiment.order.shuffled, "Draw the targets' turns anew in each repeat")
          .integer("order.seed", experiment.order.seed, 0, UINT64_MAX, "Of the turns")
          .flag("request_logs", experiment.request_logs,
                "Have every server log its requests, for waitlab-client check");
    });
    visit.optional("quick", QuickForm{}, experiment,
                   "What is different with --quick: a merge patch (RFC 7396) of this file. Without it: one repeat, and "
                   "runs of 2 s at most.");
  }
};

constexpr form::Keys experiment_form{VisitExperiment{}};

/// What can only be said once all of the values are known.
void check_values(const JsonPlace& root, const Experiment& experiment) {
  const JsonPlace load = root["load"];
  const bool mixes = load.has("targets");
  if (mixes && std::ranges::any_of(experiment.targets, [](const auto& target) { return !target.path.empty(); })) {
    load["targets"].refuse("says what is asked for; remove the path of the targets");
  }
  if (!root.has("backend")) return;
  const JsonPlace backend = root["backend"];
  if (!experiment.backend.hold_log.empty()) {
    backend.refuse("profile.hold_log is set by the experiment itself; remove it here");
  }
  if (experiment.backend_mode != "timer") return;
  if (const auto keys = keys_beyond_delays(experiment.backend); !keys.empty()) {
    backend["mode"].refuse("a timer only delays, any number at once; leave out profile." + keys.front() +
                           ", or the mode");
  }
  const auto asks_for_backend = [](const ExperimentTarget& target) { return asks_for(target, "backend"); };
  if (std::ranges::any_of(experiment.targets, asks_for_backend)) {
    backend["mode"].refuse("there is no {backend} if servers wait by a timer; remove the mode");
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
  WrittenExperiment written;
  experiment_form.read(root, written);
  if (failure) return *failure;
  Experiment& experiment = written.experiment;
  experiment.targets = multiply_targets(root, written.targets, written.sweep, folder);
  std::string& recording = experiment.backend.delay.file;
  if (!recording.empty()) recording = (folder / recording).string();
  if (const auto prepared = prepare_delay_profile(experiment.backend, "backend.profile."); !prepared && !failure)
    return config_failure(document.where(Pointer("/backend")), prepared.error().message);
  check_values(root, experiment);
  if (failure) return *failure;
  if (auto read = read_requests(folder, experiment); !read) return read.error();
  experiment.file = fs::absolute(document.name).string();  // --resume may be asked for in another folder
  experiment.quick = quick;
  if (quick && !*patched) shorten(experiment);
  return std::move(experiment);
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

std::string experiment_schema() {
  return file_schema<WrittenExperiment>("An experiment of waitlab-client experiment", experiment_form);
}

}  // namespace waitlab::client
