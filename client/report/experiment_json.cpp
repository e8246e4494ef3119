#include "client/report/experiment_json.hpp"

#include "client/record/result_json.hpp"
#include "common/clock/seconds.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;

Json load_json(const ExperimentResult& result) {
  return {{"path", result.path},
          {"arrivals", result.arrivals},
          {"rates", result.rates},
          {"duration_seconds", seconds(result.duration)},
          {"warmup_seconds", seconds(result.warmup)},
          {"timeout_seconds", seconds(result.timeout)},
          {"repeats", result.repeats}};
}

Json targets_json(const ExperimentResult& result) {
  Json targets = Json::array();
  for (const ExperimentTarget& target : result.targets) {
    targets.push_back({{"name", target.name}, {"settings", target.settings}});
  }
  return targets;
}

Json usage_json(const std::optional<ServerUsage>& usage) {
  if (!usage) return nullptr;
  return {{"span_seconds", seconds(usage->span)},
          {"cpu_seconds", seconds(usage->cpu_time)},
          {"voluntary_switches", usage->voluntary_switches},
          {"involuntary_switches", usage->involuntary_switches},
          {"completed", usage->completed},
          {"rejected", usage->rejected}};
}

Json server_json(const ServerObservation& server) {
  Json samples = Json::array();
  for (const ServerSample& sample : server.samples) {
    samples.push_back({{"at_seconds", seconds(sample.at)},
                       {"threads", sample.threads},
                       {"rss_bytes", sample.rss_bytes},
                       {"cpu_seconds", seconds(sample.cpu_time)}});
  }
  return {{"peak_threads", server.peak_threads},     {"peak_rss_bytes", server.peak_rss_bytes},
          {"peak_in_flight", server.peak_in_flight}, {"peak_queued", server.peak_queued},
          {"usage", usage_json(server.usage)},       {"samples", std::move(samples)}};
}

/// Where in the plan a run stands.
template <class Run>
Json place_json(const ExperimentResult& result, const Run& run) {
  return {{"target", result.targets[run.target].name}, {"rate", result.rates[run.rate]}, {"repeat", run.repeat + 1}};
}

Json runs_json(const ExperimentResult& result) {
  Json runs = Json::array();
  for (const ExperimentRun& run : result.runs) {
    Json json = place_json(result, run);
    json["seed"] = run.seed;
    json["load"] = to_json(run.load);
    json["server"] = server_json(run.server);
    json["mean_hold_seconds"] = run.mean_hold ? Json(seconds(*run.mean_hold)) : Json(nullptr);
    json["request_log"] = run.request_log.empty() ? Json(nullptr) : Json(run.request_log);
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

Json cell_json(const ExperimentResult& result, double rate, const Cell& cell) {
  Json json = {{"target", result.targets[cell.target].name},
               {"rate", rate},
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
  return json;
}

Json comparison_json(const ExperimentResult& result, const Comparison& comparison) {
  Json cells = Json::array();
  for (const RateGroup& group : comparison) {
    for (const Cell& cell : group.cells)
      cells.push_back(cell_json(result, group.rate, cell));
  }
  return cells;
}

}  // namespace

nlohmann::ordered_json experiment_json(const ExperimentResult& result, const Comparison& comparison,
                                       const Verdict& verdict) {
  Json json;
  json["schema_version"] = schema_version;
  json["name"] = result.name;
  json["title"] = result.title;
  json["question"] = result.question;
  json["version"] = result.version;
  json["started_at"] = result.started_at;
  json["interrupted"] = result.interrupted;
  json["experiment"] = {{"file", result.file}, {"content", result.content}};
  json["machine"] = to_json(result.machine);
  json["placement"] = {{"server_cpus", result.placement.server},
                       {"client_and_backend_cpus", result.placement.client_and_backend},
                       {"shared", result.placement.shared()}};
  json["targets"] = targets_json(result);
  json["load"] = load_json(result);
  json["backend"] = {{"settings", result.backend}, {"hold_log", result.hold_log}};
  json["verdict"] = {{"headline", verdict.headline}, {"findings", verdict.findings}};
  json["comparison"] = comparison_json(result, comparison);
  json["runs"] = runs_json(result);
  json["missing"] = missing_json(result);
  return json;
}

}  // namespace waitlab::client
