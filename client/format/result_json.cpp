#include "client/format/result_json.hpp"

#include "client/judge/notes.hpp"
#include "client/stats/time_summary.hpp"
#include "common/clock/seconds.hpp"
#include "common/json/or_null.hpp"

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <utility>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr double slowest_share = 0.01;

double microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

Json interval_json(const TimeFigure& figure) {
  if (!figure.value) return nullptr;
  return {or_null(figure.low), or_null(figure.high)};
}

Json effective_samples_json(const EffectiveSamples& samples) {
  Json json;
  for (std::size_t i = 0; i < samples.size(); ++i)
    json[shown_quantile_names[i]] = samples[i] > 0 ? Json(samples[i]) : Json(nullptr);
  return json;
}

Json times_json(const CensoredHistogram& histogram) {
  const TimeSummary summary = summarize(histogram);
  const std::initializer_list<std::pair<const char*, TimeFigure>> figures{
      {"min", summary.min}, {"mean", summary.mean}, {"max", summary.max},  {"p50", summary.p50},
      {"p90", summary.p90}, {"p99", summary.p99},   {"p999", summary.p999}};
  Json json;
  Json at_least = Json::array();
  Json intervals;
  for (const auto& [name, figure] : figures) {
    json[name] = or_null(figure.value);
    if (figure.at_least) at_least.push_back(name);
    if (*name == 'p') intervals[name] = interval_json(figure);
  }
  json["at_least"] = std::move(at_least);
  json["censored"] = histogram.censored;
  json["unfinished"] = histogram.unfinished;
  json["least_censored"] = histogram.censored > 0 ? Json(microseconds(histogram.least_censored)) : Json(nullptr);
  json["ci95"] = std::move(intervals);
  json["effective_samples"] = effective_samples_json(histogram.effective_samples);
  return json;
}

Json lag_json(const HdrHistogram& lag) {
  if (lag.count() == 0) return {{"p50", nullptr}, {"p99", nullptr}, {"max", nullptr}};
  return {{"p50", or_null(percentile(lag, 0.50).value)},
          {"p99", or_null(percentile(lag, 0.99).value)},
          {"max", microseconds(lag.max())}};
}

Json requests_json(const RequestCounts& requests) {
  return {{"sent", requests.sent},
          {"completed", requests.completed},
          {"failed", requests.failed},
          {"timed_out", requests.timed_out},
          {"unfinished", requests.unfinished}};
}

void add_errors(Json& json, const LoadRecord& record) {
  Json& counts = json["errors"] = Json::object();
  Json& examples = json["error_examples"] = Json::object();
  for (std::size_t i = 0; i < record.errors.size(); ++i) {
    if (record.errors[i].count == 0) continue;
    const std::string kind(error_names[i]);
    counts[kind] = record.errors[i].count;
    examples[kind] = record.errors[i].example;
  }
}

Json statuses_json(const LoadRecord& record) {
  Json statuses = Json::object();
  for (const auto& [status, count] : record.statuses)
    statuses[std::to_string(status)] = count;
  return statuses;
}

Json split_mean_json(const SplitMean& mean) {
  Json json = {{"share", mean.share}};
  for (std::size_t i = 0; i < part_names.size(); ++i)
    json[std::string(part_names[i]) + "_us"] = mean.part_ns[i] / 1e3;
  return json;
}

/// `classes` holds the exact sums, for merging: the class, its count, and the sum of each part in nanoseconds.
Json split_json(const SplitTally& split) {
  Json classes = Json::array();
  for (std::size_t i = 0; i < SplitTally::classes; ++i) {
    const SplitTally::Class& sums = split.sums()[i];
    if (sums.count > 0) classes.push_back({{"class", i}, {"requests", sums.count}, {"sum_ns", sums.sum_ns}});
  }
  const bool any = split.count() > 0;
  return {{"requests", split.count()},
          {"told_by_server", split.told_by_server()},
          {"all", any ? split_mean_json(split.all()) : Json(nullptr)},
          {"slowest", any ? split_mean_json(split.slowest(slowest_share)) : Json(nullptr)},
          {"classes", std::move(classes)}};
}

/// Only where there are any: most results have none.
void add_unwanted(Json& json, const LoadRecord& record) {
  if (record.unwanted_in_window > 0 || record.unwanted_count() > 0)
    json["rate"]["unwanted_in_window"] = record.unwanted_in_window;
  if (record.unwanted_response_time)
    json["histograms"]["unwanted_response_time"] = record.unwanted_response_time->encode();
}

/// What a run and a step of one have in common.
void add_record(Json& json, const LoadRecord& record, std::optional<double> offered_rate, double achieved_rate) {
  json["requests"] = requests_json(record.requests);
  json["longest_unfinished_us"] =
      record.requests.unfinished > 0 ? Json(microseconds(record.longest_unfinished)) : Json(nullptr);
  add_errors(json, record);
  json["statuses"] = statuses_json(record);
  json["connections"] = {{"waited", record.waited_for_connection}};
  json["rate"] = {{"offered", or_null(offered_rate)},
                  {"achieved", achieved_rate},
                  {"completed_in_window", record.completed_in_window},
                  {"second_half", {{"due", record.second_half.due}, {"completed", record.second_half.completed}}}};
  json["response_time_us"] = times_json(record.response_time);
  json["service_time_us"] = times_json(record.service_time);
  json["schedule_lag_us"] = lag_json(record.schedule_lag);
  json["histograms"] = {{"response_time", record.response_time.values.encode()},
                        {"service_time", record.service_time.values.encode()},
                        {"schedule_lag", record.schedule_lag.encode()}};
  add_unwanted(json, record);
  json["split"] = split_json(record.split);
}

/// What belongs to a run as a whole.
void add_traffic(Json& json, const LoadResult& result) {
  const LoadRecord& record = result.record;
  json["connections"].update({{"opened", record.connections},
                              {"reconnects", record.reconnects},
                              {"retried", record.retried},
                              {"cap", result.connections}});
  json["bytes"] = {{"in", record.bytes_in}, {"out", record.bytes_out}};
}

Json steps_json(const LoadResult& result) {
  Json steps = Json::array();
  for (const StepResult& step : result.steps) {
    Json json = {{"from_rate", step.from_rate},
                 {"to_rate", step.to_rate},
                 {"begin_s", seconds(step.begin)},
                 {"window_s", seconds(step.window)}};
    add_record(json, step.record, step.offered_rate(), step.achieved_rate());
    steps.push_back(std::move(json));
  }
  return steps;
}

Json timeline_json(const RunSeries& series) {
  if (series.stretches.empty()) return nullptr;
  Json json = {{"begin_s", seconds(series.begin)}, {"slice_s", seconds(series.width)}};
  const auto add = [&](const char* name, auto figure) {
    Json& list = json[name] = Json::array();
    for (const RunStretch& stretch : series.stretches)
      list.push_back(figure(stretch));
  };
  add("ended", [](const RunStretch& stretch) { return stretch.ended; });
  add("errors", [](const RunStretch& stretch) { return stretch.errors; });
  add("p50_us", [](const RunStretch& stretch) { return or_null(stretch.p50); });
  add("p99_us", [](const RunStretch& stretch) { return or_null(stretch.p99); });
  add("max_us", [](const RunStretch& stretch) { return or_null(stretch.max); });
  return json;
}

Json targets_json(const LoadResult& result) {
  Json targets = Json::array();
  for (std::size_t i = 0; i < result.record.targets.size(); ++i) {
    const TargetTally& tally = result.record.targets[i];
    const TargetName name = i < result.targets.size() ? result.targets[i] : TargetName{};
    targets.push_back({{"method", name.method},
                       {"path", name.path},
                       {"completed", tally.completed},
                       {"errors", tally.errors},
                       {"response_time_us", times_json(tally.response_time)},
                       {"histogram", tally.response_time.values.encode()}});
  }
  return targets;
}

Json outcome_json(const ThresholdOutcome& outcome) {
  return {{"threshold", outcome.text}, {"met", outcome.met}, {"found", outcome.found}};
}

Json thresholds_json(const LoadResult& result) {
  Json thresholds = Json::array();
  for (const ThresholdOutcome& outcome : result.thresholds)
    thresholds.push_back(outcome_json(outcome));
  return thresholds;
}

Json arrivals_json(const LoadResult& result) {
  if (result.arrivals.empty()) return nullptr;
  Json json = {{"kind", result.arrivals}};
  if (!result.arrival_fit) return json;
  const ArrivalFit& fit = *result.arrival_fit;
  json.update({{"sends", fit.sends},
               {"ks_distance", or_null(fit.ks_distance)},
               {"ks_limit", fit.ks_limit},
               {"dispersion", or_null(fit.dispersion)},
               {"dispersion_least", fit.dispersion_least},
               {"dispersion_most", fit.dispersion_most},
               {"fits", fit.fits},
               {"why_not", fit.why_not}});
  return json;
}

Json client_json(const LoadResult& result) {
  Json threads = Json::array();
  for (const LoadThreadUsage& usage : result.load_threads)
    threads.push_back({{"cpu_share", usage.cpu_share},
                       {"span_s", seconds(usage.span)},
                       {"involuntary_switches", usage.involuntary_switches}});
  return {{"threads", std::move(threads)}};
}

void add_conditions(Json& json, const LoadResult& result) {
  json["command"] = result.command;
  json["started_at"] = result.started_at;
  json["url"] = result.url;
  json["method"] = result.method;
  json["address"] = result.address;
  json["threads"] = result.threads;
  json["timeout_ms"] = seconds(result.timeout) * 1e3;
  json["window_s"] = seconds(result.window);
  json["machine"] = to_json(result.machine);
}

}  // namespace

nlohmann::ordered_json to_json(const Machine& machine) {
  return {{"cpu_model", machine.cpu_model},       {"cpus_online", machine.cpus_online},
          {"cpus_usable", machine.cpus_usable},   {"cpu_quota", or_null(machine.cpu_quota)},
          {"memory_bytes", machine.memory_bytes}, {"kernel", machine.kernel},
          {"governor", or_null(machine.governor)}};
}

nlohmann::ordered_json to_json(const LoadResult& result) {
  Json json;
  json["schema_version"] = result_schema_version;
  add_conditions(json, result);
  json["valid"] = result.valid();
  json["invalid_because"] = result.invalid_because;
  json["notes"] = notes_on(result);
  json["interrupted"] = result.interrupted;
  json["aborted"] = result.aborted;
  json["aborted_by"] = result.aborted_by ? outcome_json(*result.aborted_by) : Json(nullptr);
  json["thresholds"] = thresholds_json(result);
  add_record(json, result.record, result.offered_rate, result.achieved_rate());
  add_traffic(json, result);
  json["timeline"] = timeline_json(result.timeline);
  json["steps"] = steps_json(result);
  json["targets"] = targets_json(result);
  json["arrivals"] = arrivals_json(result);
  json["client"] = client_json(result);
  json["listen_overflows"] = or_null(result.listen_overflows);
  json["detour"] = result.detour.empty() ? Json(nullptr) : Json(result.detour);
  return json;
}

}  // namespace waitlab::client
