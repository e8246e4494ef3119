#include "client/format/result_reader.hpp"

#include "client/format/result_document.hpp"
#include "client/format/result_json.hpp"
#include "client/record/utc_now.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

double read_rate(const JsonPlace& place) {
  const double rate = place.number();
  if (rate < 0) place.refuse("must be 0 or more");
  return rate;
}

std::string read_moment(const JsonPlace& place) {
  std::string text = place.text();
  if (!text.empty() && !parse_utc(text)) place.refuse("must be a time in UTC such as 2026-01-02T03:04:05.678Z");
  return text;
}

HdrHistogram read_histogram(const JsonPlace& place) {
  const std::string encoded = place.text();
  if (encoded.empty()) return {};  // not a text, which has been said: an encoding is never empty
  auto histogram = HdrHistogram::decode(encoded);
  if (histogram) return std::move(*histogram);
  place.refuse(histogram.error().message);
  return {};
}

CensoredHistogram read_times(const JsonPlace& times, const JsonPlace& histogram) {
  CensoredHistogram read;
  read.values = read_histogram(histogram);
  read.censored = times["censored"].count();
  read.unfinished = times["unfinished"].count();
  if (read.censored > 0) read.least_censored = times["least_censored"].time(1us);
  const JsonPlace samples = times["effective_samples"];
  for (std::size_t i = 0; i < shown_quantiles.size(); ++i) {
    const JsonPlace sample = samples[shown_quantile_names[i]];
    if (!sample.is_null()) read.effective_samples[i] = sample.number();
  }
  return read;
}

RequestCounts read_requests(const JsonPlace& requests) {
  return {.sent = requests["sent"].count(),
          .completed = requests["completed"].count(),
          .failed = requests["failed"].count(),
          .timed_out = requests["timed_out"].count(),
          .unfinished = requests["unfinished"].count()};
}

void read_errors(const JsonPlace& record, LoadRecord& read) {
  const JsonPlace examples = record["error_examples"];
  for (const auto& [kind, count] : record["errors"].members()) {
    const auto* const known = std::find(error_names.begin(), error_names.end(), kind);
    if (known == error_names.end()) return count.refuse("is no kind of error that is known");
    read.errors[static_cast<std::size_t>(known - error_names.begin())] = {count.count(), examples[kind].text()};
  }
}

void read_statuses(const JsonPlace& statuses, LoadRecord& read) {
  for (const auto& [name, count] : statuses.members()) {
    unsigned status = 0;
    const char* const end = name.data() + name.size();
    if (std::from_chars(name.data(), end, status).ptr != end) return count.refuse("is no status");
    read.statuses[status] = count.count();
  }
}

SplitTally read_split(const JsonPlace& split) {
  SplitTally::Sums sums;
  for (const JsonPlace& place : split["classes"].items()) {
    const std::uint64_t index = place["class"].count();
    const auto parts = place["sum_ns"].items();
    if (index >= sums.size() || parts.size() != part_names.size()) {
      place.refuse("is no class of response times");
      break;
    }
    sums[index].count = place["requests"].count();
    std::transform(parts.begin(), parts.end(), sums[index].sum_ns.begin(),
                   [](const auto& part) { return part.count(); });
  }
  return {sums, split["told_by_server"].count()};
}

/// What is told of unwanted answers apart from the others. These keys are younger than their schema's version: without
/// them, all unwanted answers are taken to have come within the window.
void read_unwanted(const JsonPlace& place, LoadRecord& record) {
  const JsonPlace rate = place["rate"];
  record.unwanted_in_window = rate.has("unwanted_in_window")
                                  ? rate["unwanted_in_window"].count()
                                  : std::min(record.unwanted_count(), record.completed_in_window);
  if (record.unwanted_in_window > record.completed_in_window)
    rate["unwanted_in_window"].refuse("must not be above completed_in_window");
  if (!place["histograms"].has("unwanted_response_time")) return;
  const JsonPlace histogram = place["histograms"]["unwanted_response_time"];
  record.unwanted_response_time = read_histogram(histogram);
  if (!record.response_time.values.includes(*record.unwanted_response_time))
    histogram.refuse("must hold no more than response_time");
}

LoadRecord read_record(const JsonPlace& place) {
  LoadRecord record;
  record.requests = read_requests(place["requests"]);
  read_errors(place, record);
  read_statuses(place["statuses"], record);
  const JsonPlace histograms = place["histograms"];
  record.response_time = read_times(place["response_time_us"], histograms["response_time"]);
  record.service_time = read_times(place["service_time_us"], histograms["service_time"]);
  record.schedule_lag = read_histogram(histograms["schedule_lag"]);
  record.split = read_split(place["split"]);
  record.completed_in_window = place["rate"]["completed_in_window"].count();
  read_unwanted(place, record);
  const JsonPlace half = place["rate"]["second_half"];
  record.second_half = {.due = read_rate(half["due"]), .completed = half["completed"].count()};
  record.waited_for_connection = place["connections"]["waited"].count();
  if (const JsonPlace age = place["longest_unfinished_us"]; !age.is_null()) record.longest_unfinished = age.time(1us);
  return record;
}

void read_traffic(const JsonPlace& root, LoadRecord& record) {
  const JsonPlace connections = root["connections"];
  record.connections = connections["opened"].count();
  record.reconnects = connections["reconnects"].count();
  record.retried = connections["retried"].count();
  record.bytes_in = root["bytes"]["in"].count();
  record.bytes_out = root["bytes"]["out"].count();
}

std::optional<double> number_or_none(const JsonPlace& place) {
  return place.is_null() ? std::nullopt : std::optional(place.number());
}

void read_conditions(const JsonPlace& root, LoadResult& result) {
  result.command = root["command"].text();
  result.started_at = read_moment(root["started_at"]);
  result.url = root["url"].text();
  result.method = root["method"].text();
  result.address = root["address"].text();
  result.threads = root["threads"].small_count();
  result.connections = root["connections"]["cap"].small_count();
  if (const JsonPlace offered = root["rate"]["offered"]; !offered.is_null()) result.offered_rate = read_rate(offered);
  result.timeout = root["timeout_ms"].time(1ms);
  result.window = root["window_s"].time(1s);
  result.machine = read_machine(root["machine"]);
  result.interrupted = root["interrupted"].flag();
  result.aborted = root["aborted"].flag();
  for (const JsonPlace& reason : root["invalid_because"].items())
    result.invalid_because.push_back(reason.text());
}

/// A list with one entry for each stretch; what is null in it is left out.
template <typename Read>
void read_stretches(const JsonPlace& list, std::vector<RunStretch>& stretches, Read read) {
  const std::vector<JsonPlace> places = list.items();
  if (places.size() != stretches.size()) return list.refuse("must be as long as 'ended'");
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i].is_null()) read(stretches[i], places[i]);
  }
}

/// The key is younger than its schema's version: a result without it is read as well.
void read_timeline(const JsonPlace& root, RunSeries& series) {
  if (!root.has("timeline") || root["timeline"].is_null()) return;
  const JsonPlace timeline = root["timeline"];
  series.begin = timeline["begin_s"].time(1s);
  series.width = timeline["slice_s"].time(1s);
  series.stretches.resize(timeline["ended"].items().size());
  const auto add = [&](const char* name, auto read) { read_stretches(timeline[name], series.stretches, read); };
  add("ended", [](RunStretch& stretch, const JsonPlace& place) { stretch.ended = place.count(); });
  add("errors", [](RunStretch& stretch, const JsonPlace& place) { stretch.errors = place.count(); });
  add("p50_us", [](RunStretch& stretch, const JsonPlace& place) { stretch.p50 = place.time(1us); });
  add("p99_us", [](RunStretch& stretch, const JsonPlace& place) { stretch.p99 = place.time(1us); });
  add("max_us", [](RunStretch& stretch, const JsonPlace& place) { stretch.max = place.time(1us); });
}

void read_steps(const JsonPlace& steps, LoadResult& result) {
  for (const JsonPlace& step : steps.items()) {
    result.steps.push_back({.from_rate = read_rate(step["from_rate"]),
                            .to_rate = read_rate(step["to_rate"]),
                            .begin = step["begin_s"].time(1s),
                            .window = step["window_s"].time(1s),
                            .record = read_record(step)});
  }
}

void read_targets(const JsonPlace& targets, LoadResult& result) {
  for (const JsonPlace& target : targets.items()) {
    result.targets.push_back({.method = target["method"].text(), .path = target["path"].text()});
    result.record.targets.push_back({.completed = target["completed"].count(),
                                     .errors = target["errors"].count(),
                                     .response_time = read_times(target["response_time_us"], target["histogram"])});
  }
}

void read_arrivals(const JsonPlace& arrivals, LoadResult& result) {
  if (arrivals.is_null()) return;
  result.arrivals = arrivals["kind"].text();
  if (!arrivals.has("sends")) return;
  result.arrival_fit = ArrivalFit{.sends = arrivals["sends"].count(),
                                  .ks_distance = number_or_none(arrivals["ks_distance"]),
                                  .ks_limit = arrivals["ks_limit"].number(),
                                  .dispersion = number_or_none(arrivals["dispersion"]),
                                  .dispersion_least = arrivals["dispersion_least"].number(),
                                  .dispersion_most = arrivals["dispersion_most"].number(),
                                  .fits = arrivals["fits"].flag(),
                                  .why_not = arrivals["why_not"].text()};
}

ThresholdOutcome read_outcome(const JsonPlace& outcome) {
  return {.text = outcome["threshold"].text(), .met = outcome["met"].flag(), .found = outcome["found"].text()};
}

void read_judgements(const JsonPlace& root, LoadResult& result) {
  for (const JsonPlace& outcome : root["thresholds"].items())
    result.thresholds.push_back(read_outcome(outcome));
  if (const JsonPlace by = root["aborted_by"]; !by.is_null()) result.aborted_by = read_outcome(by);
  for (const JsonPlace& thread : root["client"]["threads"].items()) {
    result.load_threads.push_back({.cpu_share = thread["cpu_share"].number(),
                                   .span = thread["span_s"].time(1s),
                                   .involuntary_switches = thread["involuntary_switches"].count()});
  }
  if (const JsonPlace overflows = root["listen_overflows"]; !overflows.is_null()) {
    result.listen_overflows = overflows.count();
  }
  // The key is younger than its schema's version: a result without it is read as well.
  if (root.has("detour") && !root["detour"].is_null()) result.detour = root["detour"].text();
}

/// Whether the document is a result of a run at all, and one whose keys are known.
void expect_run(const JsonPlace& root) {
  if (root.has("experiment") && root.has("runs")) {
    return root.refuse(
        "is the result of an experiment; this wants results of 'waitlab-client run --json', or for compare some of its "
        "runs as FILE#TARGET");
  }
  if (!root.has("schema_version")) return root.refuse("is no result that 'waitlab-client run --json' wrote");
  if (root["schema_version"].number() != result_schema_version) {
    root["schema_version"].refuse(
        fmt::format("only {} can be read; use the waitlab-client that wrote the file", result_schema_version));
  }
}

}  // namespace

Machine read_machine(const JsonPlace& place) {
  Machine machine;
  machine.cpu_model = place["cpu_model"].text();
  machine.cpus_online = place["cpus_online"].small_count();
  machine.cpus_usable = place["cpus_usable"].small_count();
  machine.cpu_quota = number_or_none(place["cpu_quota"]);
  machine.memory_bytes = place["memory_bytes"].count();
  machine.kernel = place["kernel"].text();
  if (const JsonPlace governor = place["governor"]; !governor.is_null()) machine.governor = governor.text();
  return machine;
}

LoadResult read_result(const JsonPlace& root) {
  LoadResult result;
  expect_run(root);
  read_conditions(root, result);
  result.record = read_record(root);
  read_traffic(root, result.record);
  read_timeline(root, result.timeline);
  read_steps(root["steps"], result);
  read_targets(root["targets"], result);
  read_arrivals(root["arrivals"], result);
  read_judgements(root, result);
  return result;
}

Result<LoadResult> read_result_file(const std::string& path) {
  return read_whole<LoadResult>(read_result_document(path), read_result);
}

Result<LoadResult> read_result(const std::string& text, const std::string& name) {
  return read_whole<LoadResult>(parse_result_document(text, name), read_result);
}

}  // namespace waitlab::client
