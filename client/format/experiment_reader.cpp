#include "client/format/experiment_reader.hpp"

#include "client/format/result_document.hpp"
#include "client/format/result_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> texts_of(const JsonPlace& list) {
  std::vector<std::string> texts;
  for (const JsonPlace& item : list.items())
    texts.push_back(item.text());
  return texts;
}

std::string text_or_none(const JsonPlace& place) {
  return place.is_null() ? std::string() : place.text();
}

std::optional<std::uint64_t> count_or_none(const JsonPlace& object, const std::string& member) {
  if (!object.has(member) || object[member].is_null()) return std::nullopt;
  return object[member].count();
}

/// Whether the document is a result of an experiment at all, and one whose keys are known.
void expect_experiment(const JsonPlace& root) {
  if (!root.has("schema_version") || !root.has("experiment")) {
    root.refuse("is no result of an experiment; give the result.json that 'waitlab-client experiment' wrote");
  } else if (root["schema_version"].number() != experiment_schema_version) {
    root["schema_version"].refuse(
        fmt::format("only {} can be read; use the waitlab-client that wrote the file, or make "
                    "the experiment again",
                    experiment_schema_version));
  }
}

TargetKind read_kind(const JsonPlace& place) {
  const std::string kind = place.text();
  if (kind == "command") return TargetKind::command;
  if (kind == "url") return TargetKind::url;
  if (kind != "server") place.refuse("must be \"server\", \"command\" or \"url\"");
  return TargetKind::server;
}

ExperimentTarget read_target(const JsonPlace& place) {
  ExperimentTarget target;
  target.name = place["name"].text();
  target.kind = read_kind(place["kind"]);
  target.family = place["family"].text();
  for (const auto& [key, value] : place["sweep"].members())
    target.sweep.push_back(key + "=" + value.word());
  target.settings = texts_of(place["settings"]);
  target.path = text_or_none(place["path"]);
  target.strategy = text_or_none(place["strategy"]);
  if (!place["threads"].is_null()) target.threads = place["threads"].small_count();
  if (!place["command"].is_null()) target.command = texts_of(place["command"]);
  target.directory = text_or_none(place["directory"]);
  target.environment = texts_of(place["environment"]);
  target.url = text_or_none(place["url"]);
  if (const JsonPlace ready = place["ready"]; !ready.is_null())
    target.ready = {.path = text_or_none(ready["path"]), .within = ready["within_seconds"].time(1s)};
  if (const auto pid = count_or_none(place, "pid")) target.pid = static_cast<int>(*pid);
  return target;
}

ExperimentLoad read_load(const JsonPlace& place) {
  ExperimentLoad load;
  load.path = text_or_none(place["path"]);
  load.targets_file = text_or_none(place["targets_file"]);
  load.loop = place["rates"].is_null() ? Loop::closed : Loop::open;
  load.arrivals = text_or_none(place["arrivals"]);
  for (const JsonPlace& level : place[load.loop == Loop::open ? "rates" : "connections"].items())
    load.levels.push_back(level.number());
  load.duration = place["duration_seconds"].time(1s);
  load.warmup = place["warmup_seconds"].time(1s);
  load.timeout = place["timeout_seconds"].time(1s);
  load.max_connections = place["max_connections"].small_count();
  load.seed = place["seed"].count();
  return load;
}

ServerSample read_sample(const JsonPlace& place) {
  return {.at = place["at_seconds"].time(1s),
          .threads = place["threads"].small_count(),
          .rss_bytes = place["rss_bytes"].count(),
          .cpu_time = place["cpu_seconds"].time(1s),
          .in_flight = count_or_none(place, "in_flight"),
          .queued = count_or_none(place, "queued"),
          .rejected = count_or_none(place, "rejected")};
}

ServerUsage read_usage(const JsonPlace& place) {
  return {.span = place["span_seconds"].time(1s),
          .cpu_time = place["cpu_seconds"].time(1s),
          .voluntary_switches = place["voluntary_switches"].count(),
          .involuntary_switches = place["involuntary_switches"].count(),
          .completed = place["completed"].count(),
          .rejected = count_or_none(place, "rejected")};
}

ServerObservation read_server(const JsonPlace& place) {
  ServerObservation server{.peak_threads = place["peak_threads"].small_count(),
                           .peak_rss_bytes = place["peak_rss_bytes"].count(),
                           .idle_rss_bytes = count_or_none(place, "idle_rss_bytes"),
                           .peak_in_flight = count_or_none(place, "peak_in_flight"),
                           .peak_queued = count_or_none(place, "peak_queued"),
                           .usage = {},
                           .samples = {}};
  if (const JsonPlace usage = place["usage"]; !usage.is_null()) server.usage = read_usage(usage);
  for (const JsonPlace& sample : place["samples"].items())
    server.samples.push_back(read_sample(sample));
  return server;
}

/// Where among the values this one stands.
template <class Values, class Value>
std::size_t place_among(const JsonPlace& place, const Values& values, const Value& value, const char* what) {
  const auto found = std::ranges::find(values, value);
  if (found != std::ranges::end(values)) return static_cast<std::size_t>(found - std::ranges::begin(values));
  place.refuse(fmt::format("is no {} of this experiment", what));
  return 0;
}

/// Sets where in the plan a run stands.
template <class Run>
void read_position(const JsonPlace& place, const ExperimentResult& result, Run& run) {
  std::vector<std::string> names;
  for (const ExperimentTarget& target : result.targets)
    names.push_back(target.name);
  run.target = place_among(place["target"], names, place["target"].text(), "target");
  run.level = place_among(place["level"], result.load.levels, place["level"].number(), "level");
  const unsigned repeat = place["repeat"].small_count();
  if (repeat < 1 || repeat > result.repeats) place["repeat"].refuse("is no repeat of this experiment");
  run.repeat = std::max(repeat, 1U) - 1;
}

/// Whether the event has what the page draws it by. The page passes over other kinds.
void expect_drawable(const JsonPlace& event) {
  const std::string kind = event["ph"].text();
  const std::string name = event["name"].text();
  if (kind == "M" && name == "thread_name") {
    event["tid"].count();
    event["args"]["name"].text();
  } else if (kind == "X") {
    event["tid"].count();
    event["ts"].number();
    event["dur"].number();
  } else if (kind == "b" || kind == "e") {
    event["id2"]["local"].text();
    event["ts"].number();
  }
}

/// Events are drawn as they are.
std::string read_lanes(const JsonPlace& place) {
  for (const JsonPlace& event : place.items())
    expect_drawable(event);
  return place.word();
}

ExperimentRun read_run(const JsonPlace& place, const ExperimentResult& result) {
  ExperimentRun run;
  read_position(place, result, run);
  run.seed = place["seed"].count();
  run.load = read_result(place["load"]);
  run.server = read_server(place["server"]);
  if (const JsonPlace hold = place["mean_hold_seconds"]; !hold.is_null()) run.mean_hold = hold.time(1s);
  run.hold_log = text_or_none(place["hold_log"]);
  run.request_log = text_or_none(place["request_log"]);
  if (const JsonPlace lanes = place["lanes"]; !lanes.is_null()) run.lanes = read_lanes(lanes);
  return run;
}

MissingRun read_missing(const JsonPlace& place, const ExperimentResult& result) {
  MissingRun missing;
  read_position(place, result, missing);
  missing.reason = place["reason"].text();
  return missing;
}

std::vector<int> read_cpus(const JsonPlace& list) {
  std::vector<int> cpus;
  for (const JsonPlace& cpu : list.items())
    cpus.push_back(static_cast<int>(cpu.small_count()));
  return cpus;
}

/// What the experiment is, and where it was made.
void read_description(const JsonPlace& root, ExperimentResult& result) {
  result.name = root["name"].text();
  result.title = root["title"].text();
  result.question = root["question"].text();
  result.version = root["version"].text();
  result.started_at = root["started_at"].text();
  result.interrupted = root["interrupted"].flag();
  result.file = root["experiment"]["file"].text();
  result.content = root["experiment"]["content"].text();
  if (root["experiment"].has("requests")) result.requests = text_or_none(root["experiment"]["requests"]);
  result.quick = root["experiment"]["quick"].flag();
  result.machine = read_machine(root["machine"]);
  result.placement = {.server = read_cpus(root["placement"]["server_cpus"]),
                      .client_and_backend = read_cpus(root["placement"]["client_and_backend_cpus"])};
  for (const JsonPlace& target : root["targets"].items())
    result.targets.push_back(read_target(target));
  const JsonPlace load = root["load"];
  result.load = read_load(load);
  result.repeats = load["repeats"].small_count();
  result.order = {.shuffled = load["order"]["shuffled"].flag(), .seed = load["order"]["seed"].count()};
  result.backend = texts_of(root["backend"]["settings"]);
}

ExperimentResult read_root(const JsonPlace& root) {
  ExperimentResult result;
  expect_experiment(root);
  read_description(root, result);
  for (const JsonPlace& run : root["runs"].items())
    result.runs.push_back(read_run(run, result));
  for (const JsonPlace& missing : root["missing"].items())
    result.missing.push_back(read_missing(missing, result));
  return result;
}

}  // namespace

Result<ExperimentResult> read_experiment_result(const std::string& path) {
  return read_whole(read_result_document(path), read_root);
}

Result<ExperimentResult> parse_experiment_result(const std::string& text, const std::string& name) {
  return read_whole(parse_result_document(text, name), read_root);
}

}  // namespace waitlab::client
