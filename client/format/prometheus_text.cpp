#include "client/format/prometheus_text.hpp"

#include "client/record/utc_now.hpp"
#include "client/stats/time_summary.hpp"
#include "common/clock/seconds.hpp"

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<double, 14> bucket_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                               0.1,    0.25,  0.5,    1,     2.5,  5,     10};

double sum_seconds(const HdrHistogram& times) {
  return times.mean_ns() / 1e9 * static_cast<double>(times.count());
}

/// For each of `bucket_bounds`: how many values are no higher. A value that is a lower bound is not: it is taken to be
/// higher than all of them.
std::vector<std::uint64_t> counts_up_to_bounds(const CensoredHistogram& times) {
  std::vector<std::uint64_t> counts(bucket_bounds.size(), 0);
  std::uint64_t surely_known = 0;
  times.values.for_each_bucket([&](const HdrHistogram::Bucket& bucket) {
    if (bucket.highest < times.least_censored) surely_known += bucket.count;
    const auto* const bound = std::lower_bound(bucket_bounds.begin(), bucket_bounds.end(), seconds(bucket.lowest));
    for (auto i = static_cast<std::size_t>(bound - bucket_bounds.begin()); i < counts.size(); ++i)
      counts[i] += bucket.count;
  });
  for (std::uint64_t& count : counts) {
    if (count > surely_known) count = std::max(surely_known, count - std::min(count, times.censored));
  }
  return counts;
}

/// The families of one result. Every metric carries its URL and method.
class Exposition {
 public:
  explicit Exposition(const LoadResult& result) : result_(result) {}

  void begin(const std::string& name, const std::string& help, MetricType type) {
    families_.push_back({"waitlab_client_" + name, help, type, {}});
  }

  void counter(std::uint64_t value, const std::string& label, std::string_view label_value) {
    metric(label, label_value).counter.value = static_cast<double>(value);
  }

  void gauge(double value, const std::string& label = "", std::string_view label_value = "") {
    metric(label, label_value).gauge.value = value;
  }

  void histogram(const CensoredHistogram& times) {
    prometheus::ClientMetric::Histogram& histogram = metric().histogram;
    const auto counts = counts_up_to_bounds(times);
    for (std::size_t i = 0; i < counts.size(); ++i)
      histogram.bucket.push_back({counts[i], bucket_bounds[i]});
    histogram.bucket.push_back({times.values.count(), std::numeric_limits<double>::infinity()});
    histogram.sample_count = times.values.count();
    histogram.sample_sum = sum_seconds(times.values);
  }

  void summary(const HdrHistogram& times) {
    prometheus::ClientMetric::Summary& summary = metric().summary;
    const auto add = [&](double quantile) {
      summary.quantile.push_back({quantile, seconds(times.value_at(quantile))});
    };
    each_quantile(Room::little, [&](const Quantile& quantile, std::size_t) { add(quantile.share); });
    add(1);
    summary.sample_count = times.count();
    summary.sample_sum = sum_seconds(times);
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  ClientMetric& metric(const std::string& label = "", std::string_view label_value = "") {
    ClientMetric& metric = families_.back().metric.emplace_back();
    metric.label = {{"url", result_.url}, {"method", result_.method}};
    if (!label.empty()) metric.label.push_back({label, std::string(label_value)});
    return metric;
  }

  const LoadResult& result_;
  std::vector<MetricFamily> families_;
};

void add_counts(Exposition& exposition, const LoadRecord& record) {
  const RequestCounts& requests = record.requests;
  exposition.begin("requests_total", "Measured requests, by how they ended.", MetricType::Counter);
  exposition.counter(requests.completed, "outcome", "completed");
  exposition.counter(requests.failed, "outcome", "failed");
  exposition.counter(requests.timed_out, "outcome", "timed_out");
  exposition.counter(requests.unfinished, "outcome", "unfinished");
  exposition.begin("errors_total", "What went wrong, unwanted responses included, by kind.", MetricType::Counter);
  for (std::size_t i = 0; i < error_names.size(); ++i)
    exposition.counter(record.errors[i].count, "kind", error_names[i]);
  if (record.statuses.empty()) return;
  exposition.begin("responses_total", "Responses, by status.", MetricType::Counter);
  for (const auto& [status, count] : record.statuses)
    exposition.counter(count, "status", std::to_string(status));
}

/// As in the histogram, what is a lower bound is taken to be higher than all that is known. Too few samples: left out.
void add_percentiles(Exposition& exposition, const std::string& time, const CensoredHistogram& times) {
  exposition.begin(time + "_percentile_seconds", "A percentile of it, where there are enough samples for one.",
                   MetricType::Gauge);
  each_quantile(Room::plenty, [&](const Quantile& quantile, std::size_t) {
    const TimeFigure figure = percentile(times, quantile.share);
    if (!figure.value) return;
    const double known = figure.at_least ? std::numeric_limits<double>::infinity() : seconds(*figure.value);
    // The label `quantile` is for summaries alone, which know no lower bounds.
    exposition.gauge(known, "percentile", fmt::format("{:g}", 100 * quantile.share));
  });
}

void add_times(Exposition& exposition, const LoadRecord& record) {
  exposition.begin("response_time_seconds", "Time from the intended start of a request to its end.",
                   MetricType::Histogram);
  exposition.histogram(record.response_time);
  exposition.begin("service_time_seconds", "Time from the send of a request to its end.", MetricType::Histogram);
  exposition.histogram(record.service_time);
  add_percentiles(exposition, "response_time", record.response_time);
  add_percentiles(exposition, "service_time", record.service_time);
  if (record.schedule_lag.count() == 0) return;
  exposition.begin("schedule_lag_seconds", "Time from the intended start of a request to its send.",
                   MetricType::Summary);
  exposition.summary(record.schedule_lag);
}

void add_run(Exposition& exposition, const LoadResult& result) {
  if (result.offered_rate) {
    exposition.begin("offered_rate", "Requests per second that the schedule asked for.", MetricType::Gauge);
    exposition.gauge(*result.offered_rate);
  }
  if (result.has_rate()) {
    exposition.begin("achieved_rate", "Responses per second of the measured window.", MetricType::Gauge);
    exposition.gauge(result.achieved_rate());
  }
  exposition.begin("window_seconds", "How long was measured.", MetricType::Gauge);
  exposition.gauge(seconds(result.window));
  if (const auto started = parse_utc(result.started_at)) {
    exposition.begin("start_time_seconds", "When the run started, since the epoch.", MetricType::Gauge);
    exposition.gauge(seconds(started->time_since_epoch()));
  }
  exposition.begin("run_valid", "1 if the figures may be trusted.", MetricType::Gauge);
  exposition.gauge(result.valid() ? 1 : 0);
  if (result.thresholds.empty()) return;
  exposition.begin("threshold_met", "1 if the threshold was met.", MetricType::Gauge);
  for (const ThresholdOutcome& outcome : result.thresholds)
    exposition.gauge(outcome.met ? 1 : 0, "threshold", outcome.text);
}

}  // namespace

std::string prometheus_text(const LoadResult& result) {
  Exposition exposition(result);
  add_counts(exposition, result.record);
  add_times(exposition, result.record);
  add_run(exposition, result);
  return exposition.text();
}

}  // namespace waitlab::client
