#include "client/report/experiment_json.hpp"

#include "client/format/experiment_reader.hpp"
#include "client/format/result_json.hpp"
#include "client/report/theory.hpp"
#include "common/clock/seconds.hpp"
#include "common/json/or_null.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string_view name_of(TargetKind kind) {
  switch (kind) {
    case TargetKind::server:
      return "server";
    case TargetKind::command:
      return "command";
    case TargetKind::url:
      break;
  }
  return "url";
}

/// "key=value" words as an object; a value that is a number, true or false is one there too.
Json sweep_json(const std::vector<std::string>& words) {
  Json sweep = Json::object();
  for (const std::string& word : words) {
    const auto mark = word.find('=');
    const std::string text = word.substr(mark + 1);
    const Json value = Json::parse(text, nullptr, false);
    sweep[word.substr(0, mark)] = value.is_primitive() && !value.is_discarded() ? value : Json(text);
  }
  return sweep;
}

Json ready_json(const ExperimentTarget& target) {
  if (target.kind == TargetKind::server) return nullptr;
  return {{"path", text_or_null(target.ready.path)}, {"within_seconds", seconds(target.ready.within)}};
}

Json targets_json(const ExperimentResult& result) {
  Json targets = Json::array();
  for (const ExperimentTarget& target : result.targets) {
    targets.push_back({{"name", target.name},
                       {"kind", name_of(target.kind)},
                       {"family", target.family},
                       {"sweep", sweep_json(target.sweep)},
                       {"settings", target.settings},
                       {"path", text_or_null(target.path)},
                       {"strategy", text_or_null(target.strategy)},
                       {"threads", or_null(target.threads)},
                       {"command", target.command.empty() ? Json(nullptr) : Json(target.command)},
                       {"directory", text_or_null(target.directory)},
                       {"environment", target.environment},
                       {"url", text_or_null(target.url)},
                       {"ready", ready_json(target)},
                       {"pid", or_null(target.pid)}});
  }
  return targets;
}

Json load_json(const ExperimentResult& result) {
  const ExperimentLoad& load = result.load;
  const bool open = load.loop == Loop::open;
  return {{"path", text_or_null(load.path)},
          {"targets_file", text_or_null(load.targets_file)},
          {"arrivals", open ? Json(load.arrivals) : Json(nullptr)},
          {"rates", open ? Json(load.levels) : Json(nullptr)},
          {"connections", open ? Json(nullptr) : Json(load.levels)},
          {"duration_seconds", seconds(load.duration)},
          {"warmup_seconds", seconds(load.warmup)},
          {"timeout_seconds", seconds(load.timeout)},
          {"max_connections", load.max_connections},
          {"seed", load.seed},
          {"repeats", result.repeats},
          {"order", {{"shuffled", result.order.shuffled}, {"seed", result.order.seed}}}};
}

Json usage_json(const std::optional<ServerUsage>& usage) {
  if (!usage) return nullptr;
  return {{"span_seconds", seconds(usage->span)},
          {"cpu_seconds", seconds(usage->cpu_time)},
          {"voluntary_switches", usage->voluntary_switches},
          {"involuntary_switches", usage->involuntary_switches},
          {"completed", usage->completed},
          {"rejected", or_null(usage->rejected)}};
}

/// What /status told is there only where it was asked for.
Json sample_json(const ServerSample& sample) {
  Json json = {{"at_seconds", seconds(sample.at)},
               {"threads", sample.threads},
               {"rss_bytes", sample.rss_bytes},
               {"cpu_seconds", seconds(sample.cpu_time)}};
  if (sample.in_flight) json["in_flight"] = *sample.in_flight;
  if (sample.queued) json["queued"] = *sample.queued;
  if (sample.rejected) json["rejected"] = *sample.rejected;
  return json;
}

Json server_json(const ServerObservation& server) {
  Json samples = Json::array();
  for (const ServerSample& sample : server.samples)
    samples.push_back(sample_json(sample));
  return {{"peak_threads", server.peak_threads},
          {"peak_rss_bytes", server.peak_rss_bytes},
          {"idle_rss_bytes", or_null(server.idle_rss_bytes)},
          {"peak_in_flight", or_null(server.peak_in_flight)},
          {"peak_queued", or_null(server.peak_queued)},
          {"usage", usage_json(server.usage)},
          {"samples", std::move(samples)}};
}

/// Where in the plan a run stands.
template <class Run>
Json place_json(const ExperimentResult& result, const Run& run) {
  return {{"target", result.targets[run.target].name},
          {"level", result.load.levels[run.level]},
          {"repeat", run.repeat + 1}};
}

Json runs_json(const ExperimentResult& result) {
  Json runs = Json::array();
  for (const ExperimentRun& run : result.runs) {
    Json json = place_json(result, run);
    json["seed"] = run.seed;
    json["started_at"] = run.load.started_at;
    json["load"] = to_json(run.load);
    json["server"] = server_json(run.server);
    json["mean_hold_seconds"] = run.mean_hold ? Json(seconds(*run.mean_hold)) : Json(nullptr);
    json["hold_log"] = text_or_null(run.hold_log);
    json["request_log"] = text_or_null(run.request_log);
    json["lanes"] = run.lanes.empty() ? Json(nullptr) : Json::parse(run.lanes);
    runs.push_back(std::move(json));
  }
  return runs;
}

Json missing_json(const ExperimentResult& result) {
  Json missing = Json::array();
  for (const MissingRun& run : result.missing) {
    Json json = place_json(result, run);
    json["reason"] = run.reason;
    missing.push_back(std::move(json));
  }
  return missing;
}

Json curve_json(const PercentileCurve& curve) {
  Json json = Json::array();
  for (const CurvePoint& point : curve)
    json.push_back({100 * point.quantile, std::chrono::duration<double, std::micro>(point.time).count()});
  return json;
}

Json split_json(const Cell& cell) {
  if (!cell.split) return nullptr;
  Json json;
  for (std::size_t part = 0; part < part_names.size(); ++part)
    json[part_names[part]] = cell.split->part_ns[part] / 1e6;
  json["backend_hold"] = cell.backend_hold_ns ? Json(*cell.backend_hold_ns / 1e6) : Json(nullptr);
  return json;
}

Json cell_json(const ExperimentResult& result, const Level& level, const Cell& cell) {
  Json json = {{"target", result.targets[cell.target].name},
               {"level", level.value},
               {"runs", cell.runs},
               {"valid", cell.valid},
               {"troubles", cell.troubles}};
  for (std::size_t metric = 0; metric < metric_count; ++metric) {
    const auto& figure = cell.figures[metric];
    Json& value = json[std::string(metric_texts[metric].key)];
    if (figure) {
      value = {{"runs", figure->runs},
               {"median", figure->median},
               {"min", figure->min},
               {"max", figure->max},
               {"at_least", figure->at_least}};
    }
  }
  json["curve"] = curve_json(cell.curve);
  json["split_ms"] = split_json(cell);
  return json;
}

Json comparison_json(const ExperimentResult& result, const Comparison& comparison) {
  Json cells = Json::array();
  for (const LevelGroup& group : comparison) {
    for (const Cell& cell : group.cells)
      cells.push_back(cell_json(result, group.level, cell));
  }
  return cells;
}

Json in_ms(Seconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

Json theory_curve_json(const Theory& theory) {
  Json curve = Json::array();
  for (const TheoryPoint& point : theory.curve) {
    curve.push_back({{"rate", point.rate},
                     {"mean_ms", in_ms(point.mean)},
                     {"p50_ms", in_ms(point.p50)},
                     {"p99_ms", in_ms(point.p99)},
                     {"p999_ms", in_ms(point.p999)}});
  }
  return curve;
}

Json theory_json(const ExperimentResult& result, const Comparison& comparison) {
  Json json = Json::array();
  for (const Theory& theory : theory_of(result, comparison)) {
    json.push_back({{"target", result.targets[theory.target].name},
                    {"law", theory.law},
                    {"servers", or_null(theory.line.servers)},
                    {"room", or_null(theory.line.room)},
                    {"calls", theory.line.calls},
                    {"mean_hold_ms", in_ms(theory.line.hold)},
                    {"capacity_per_s", or_null(theory.capacity())},
                    {"goetz_threads", or_null(theory.goetz)},
                    {"curve", theory_curve_json(theory)}});
  }
  return json;
}

}  // namespace

nlohmann::ordered_json experiment_json(const ExperimentResult& result, const Comparison& comparison,
                                       const Verdict& verdict) {
  Json json;
  json["schema_version"] = experiment_schema_version;
  json["kind"] = "experiment";
  json["name"] = result.name;
  json["title"] = result.title;
  json["question"] = result.question;
  json["version"] = result.version;
  json["started_at"] = result.started_at;
  json["interrupted"] = result.interrupted;
  json["experiment"] = {{"file", result.file},
                        {"content", result.content},
                        {"requests", text_or_null(result.requests)},
                        {"quick", result.quick}};
  json["machine"] = to_json(result.machine);
  json["placement"] = {{"server_cpus", result.placement.server},
                       {"client_and_backend_cpus", result.placement.client_and_backend},
                       {"shared", result.placement.shared()}};
  json["targets"] = targets_json(result);
  json["load"] = load_json(result);
  json["backend"] = {{"settings", result.backend}};
  json["verdict"] = {
      {"headline", verdict.headline}, {"uncertainty", verdict.uncertainty}, {"findings", verdict.findings}};
  json["comparison"] = comparison_json(result, comparison);
  json["theory"] = theory_json(result, comparison);
  json["runs"] = runs_json(result);
  json["missing"] = missing_json(result);
  return json;
}

}  // namespace waitlab::client
