#include "client/record/result_json.hpp"

#include "client/record/notes.hpp"
#include "client/record/time_summary.hpp"

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <utility>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json microseconds(const TimeFigure& time) {
  if (!time.value) return nullptr;
  return std::chrono::duration<double, std::micro>(*time.value).count();
}

Json times_json(const CensoredHistogram& histogram) {
  const TimeSummary summary = summarize(histogram);
  const std::initializer_list<std::pair<const char*, TimeFigure>> figures{
      {"min", summary.min}, {"mean", summary.mean}, {"max", summary.max},  {"p50", summary.p50},
      {"p90", summary.p90}, {"p99", summary.p99},   {"p999", summary.p999}};
  Json json;
  Json at_least = Json::array();
  for (const auto& [name, figure] : figures) {
    json[name] = microseconds(figure);
    if (figure.at_least) at_least.push_back(name);
  }
  json["at_least"] = std::move(at_least);
  json["censored"] = histogram.censored;
  return json;
}

Json lag_json(const HdrHistogram& lag) {
  if (lag.count() == 0) return {{"p50", nullptr}, {"p99", nullptr}, {"max", nullptr}};
  return {{"p50", microseconds(percentile(lag, 0.50))},
          {"p99", microseconds(percentile(lag, 0.99))},
          {"max", microseconds({lag.max()})}};
}

Json requests_json(const RequestCounts& requests) {
  return {{"sent", requests.sent},
          {"completed", requests.completed},
          {"failed", requests.failed},
          {"timed_out", requests.timed_out},
          {"unfinished", requests.unfinished}};
}

Json errors_json(const LoadRecord& record) {
  Json errors = Json::object();
  for (std::size_t i = 0; i < record.errors.size(); ++i) {
    if (record.errors[i].count > 0) errors[std::string(error_names[i])] = record.errors[i].count;
  }
  return errors;
}

Json statuses_json(const LoadRecord& record) {
  Json statuses = Json::object();
  for (const auto& [status, count] : record.statuses)
    statuses[std::to_string(status)] = count;
  return statuses;
}

}  // namespace

nlohmann::ordered_json to_json(const Machine& machine) {
  return {{"cpu_model", machine.cpu_model},       {"cpus_online", machine.cpus_online},
          {"cpus_usable", machine.cpus_usable},   {"cpu_quota", or_null(machine.cpu_quota)},
          {"memory_bytes", machine.memory_bytes}, {"kernel", machine.kernel},
          {"governor", or_null(machine.governor)}};
}

nlohmann::ordered_json to_json(const LoadResult& result) {
  const LoadRecord& record = result.record;
  Json json;
  json["schema_version"] = schema_version;
  json["command"] = result.command;
  json["started_at"] = result.started_at;
  json["machine"] = to_json(result.machine);
  json["valid"] = result.valid();
  json["invalid_because"] = result.invalid_because;
  json["notes"] = notes_on(result);
  json["thresholds"] = Json::array();
  json["requests"] = requests_json(record.requests);
  json["errors"] = errors_json(record);
  json["statuses"] = statuses_json(record);
  json["connections"] = {
      {"opened", record.connections}, {"reconnects", record.reconnects}, {"retried", record.retried}};
  json["rate"] = {{"offered", or_null(result.offered_rate)}, {"achieved", result.achieved_rate()}};
  json["response_time_us"] = times_json(record.response_time);
  json["service_time_us"] = times_json(record.service_time);
  json["schedule_lag_us"] = lag_json(record.schedule_lag);
  json["histograms"] = {{"response_time", record.response_time.values.encode()},
                        {"service_time", record.service_time.values.encode()}};
  return json;
}

}  // namespace waitlab::client
