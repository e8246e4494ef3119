#include "server/telemetry/views.hpp"

#include "common/clock/seconds.hpp"
#include "common/process/process_stats.hpp"
#include "server/telemetry/loops.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <unistd.h>
#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>

namespace waitlab::server {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

ClientMetric labelled(const Labels& labels) {
  ClientMetric metric;
  for (const auto& [name, value] : labels)
    metric.label.push_back({name, value});
  return metric;
}

void add_counter(MetricFamily& family, const Labels& labels, double value) {
  ClientMetric metric = labelled(labels);
  metric.counter.value = value;
  family.metric.push_back(std::move(metric));
}

void add_gauge(MetricFamily& family, const Labels& labels, double value) {
  ClientMetric metric = labelled(labels);
  metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

void add_histogram(MetricFamily& family, const Labels& labels, const DurationCounts& histogram) {
  ClientMetric metric = labelled(labels);
  std::uint64_t cumulative = 0;
  const auto counts = histogram.wide();
  for (std::size_t index = 0; index < counts.size(); ++index) {
    cumulative += counts[index];
    const double bound = index < DurationCounts::wide_bounds.size() ? DurationCounts::wide_bounds[index]
                                                                    : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({cumulative, bound});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = histogram.sum_seconds();
  family.metric.push_back(std::move(metric));
}

/// A strategy, and what it has counted by now.
struct StrategyCounts {
  const Telemetry& telemetry;
  Counts counts;

  const std::string& name() const noexcept { return telemetry.strategy; }
};

class Exposition {
 public:
  explicit Exposition(const std::vector<const Telemetry*>& strategies) {
    for (const Telemetry* strategy : strategies)
      strategies_.push_back({*strategy, strategy->counts.total()});
  }

  /// A family with what `fill` adds for each strategy.
  void add(const std::string& name, const std::string& help, MetricType type,
           const std::function<void(MetricFamily&, const StrategyCounts&)>& fill) {
    MetricFamily family{name, help, type, {}};
    for (const StrategyCounts& strategy : strategies_)
      fill(family, strategy);
    families_.push_back(std::move(family));
  }

  /// A family of one metric, which belongs to no strategy.
  void add_single(const std::string& name, const std::string& help, MetricType type, double value,
                  const Labels& labels = {}) {
    MetricFamily family{name, help, type, {}};
    type == MetricType::Counter ? add_counter(family, labels, value) : add_gauge(family, labels, value);
    families_.push_back(std::move(family));
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<StrategyCounts> strategies_;
  std::vector<MetricFamily> families_;
};

/// One counter for each label value of a family.
template <class Label, std::size_t N>
auto each(const std::string& label, CountFamily<Label, N> Counts::*counted,
          const std::array<std::string_view, N>& names) {
  return [label, counted, &names](MetricFamily& family, const StrategyCounts& strategy) {
    for (std::size_t index = 0; index < N; ++index) {
      add_counter(family, {{"strategy", strategy.name()}, {label, std::string(names[index])}},
                  static_cast<double>((strategy.counts.*counted).counts[index]));
    }
  };
}

auto counter(std::uint64_t Counts::*counted) {
  return [counted](MetricFamily& family, const StrategyCounts& strategy) {
    add_counter(family, {{"strategy", strategy.name()}}, static_cast<double>(strategy.counts.*counted));
  };
}

auto histogram(DurationCounts Counts::*counted) {
  return [counted](MetricFamily& family, const StrategyCounts& strategy) {
    add_histogram(family, {{"strategy", strategy.name()}}, strategy.counts.*counted);
  };
}

void add_requests(Exposition& exposition) {
  exposition.add("waitlab_requests_total", "Requests answered, by the class of their status.", MetricType::Counter,
                 each("status", &Counts::answered, status_class_names));
  exposition.add("waitlab_requests_rejected_total", "Requests answered 503 without being handled.", MetricType::Counter,
                 each("reason", &Counts::rejected, rejection_names));
  exposition.add("waitlab_requests_in_flight", "Requests in the server, by their state.", MetricType::Gauge,
                 [](MetricFamily& family, const StrategyCounts& strategy) {
                   const RequestsNow now = requests_now(strategy.telemetry, strategy.counts);
                   const std::string& name = strategy.name();
                   add_gauge(family, {{"strategy", name}, {"state", "queued"}}, static_cast<double>(now.queued));
                   add_gauge(family, {{"strategy", name}, {"state", "waiting"}}, static_cast<double>(now.waiting));
                   add_gauge(family, {{"strategy", name}, {"state", "running"}}, static_cast<double>(now.running));
                 });
  exposition.add("waitlab_request_log_lost_total",
                 "Requests that the request log had no room for, in memory or on its disk.", MetricType::Counter,
                 counter(&Counts::log_rows_lost));
  exposition.add("waitlab_request_duration_seconds", "Time from a request being readable to its answer.",
                 MetricType::Histogram, histogram(&Counts::request_time));
  exposition.add("waitlab_queue_duration_seconds", "Time a request waited for a thread or for its turn.",
                 MetricType::Histogram, histogram(&Counts::queue_time));
  exposition.add("waitlab_backend_duration_seconds", "Time a request waited for the backend.", MetricType::Histogram,
                 histogram(&Counts::backend_time));
  exposition.add("waitlab_backend_calls_total", "Calls to the backend, by outcome.", MetricType::Counter,
                 each("outcome", &Counts::backend, backend_outcome_names));
  exposition.add("waitlab_backend_retries_total", "Calls sent again because a pooled connection had been closed.",
                 MetricType::Counter, counter(&Counts::backend_retries));
}

void add_transfers(Exposition& exposition) {
  exposition.add("waitlab_transfers_total", "Transfers between accounts, by how they ended.", MetricType::Counter,
                 each("outcome", &Counts::transfers, transfer_outcome_names));
  exposition.add("waitlab_transfer_retries_total",
                 "Times a transfer found its second account locked, gave back the first and tried again.",
                 MetricType::Counter, counter(&Counts::transfer_retries));
}

/// Only of strategies that have a loop; of the others there is no series.
void add_loop_lag(Exposition& exposition) {
  exposition.add("waitlab_loop_lag_seconds", "How late the event loop ran what fell due, every 100 ms.",
                 MetricType::Histogram, [](MetricFamily& family, const StrategyCounts& strategy) {
                   if (strategy.counts.loop_lag.total() == 0) return;
                   add_histogram(family, {{"strategy", strategy.name()}}, strategy.counts.loop_lag);
                 });
}

void add_loops(Exposition& exposition) {
  using Read = double (*)(const LoopNow&);
  const auto each_loop = [](Read read, auto add_metric) {
    return [read, add_metric](MetricFamily& family, const StrategyCounts& strategy) {
      for (const LoopNow& loop : loops_now(strategy.telemetry, std::chrono::steady_clock::now()))
        add_metric(family, {{"strategy", strategy.name()}, {"thread", std::to_string(loop.worker)}}, read(loop));
    };
  };
  exposition.add("waitlab_loop_connections", "Connections that are open on each event loop.", MetricType::Gauge,
                 each_loop([](const LoopNow& loop) { return static_cast<double>(loop.connections); }, add_gauge));
  exposition.add("waitlab_loop_requests_total", "Requests that each event loop has begun.", MetricType::Counter,
                 each_loop([](const LoopNow& loop) { return static_cast<double>(loop.requests); }, add_counter));
}

/// What else is known is joined with these: process_threads * on(instance) group_left(strategy)
/// (waitlab_strategy_running == 1).
void add_information(Exposition& exposition, const Telemetry& running) {
  exposition.add_single("waitlab_build_info", "A constant 1; the version is its label.", MetricType::Gauge, 1,
                        {{"version", WAITLAB_VERSION}});
  exposition.add("waitlab_strategy_running", "1 for the strategy that runs, 0 for the others.", MetricType::Gauge,
                 [&running](MetricFamily& family, const StrategyCounts& strategy) {
                   add_gauge(family, {{"strategy", strategy.name()}}, &strategy.telemetry == &running ? 1 : 0);
                 });
}

void add_connections(Exposition& exposition) {
  exposition.add(
      "waitlab_connections", "Connections that are open.", MetricType::Gauge,
      [](MetricFamily& family, const StrategyCounts& strategy) {
        add_gauge(family, {{"strategy", strategy.name()}}, static_cast<double>(strategy.counts.open_connections()));
      });
  exposition.add("waitlab_connections_accepted_total", "Connections accepted.", MetricType::Counter,
                 counter(&Counts::accepted));
  exposition.add("waitlab_connections_refused_total", "Connections refused.", MetricType::Counter,
                 each("reason", &Counts::refused, refusal_names));
  exposition.add("waitlab_connections_ended_total", "Connections ended other than after an answer or by the client.",
                 MetricType::Counter, each("reason", &Counts::endings, ending_names));
}

/// Only of strategies that have had processes; of the others there is no series.
void add_processes(Exposition& exposition) {
  exposition.add("waitlab_processes_cpu_seconds_total",
                 "CPU time used by processes that were started for requests and have ended, and by what forks them.",
                 MetricType::Counter, [](MetricFamily& family, const StrategyCounts& strategy) {
                   const ResourceUsage used = strategy.counts.used_by_processes();
                   if (used.cpu_time.count() == 0) return;
                   add_counter(family, {{"strategy", strategy.name()}}, seconds(used.cpu_time));
                 });
}

void add_process(Exposition& exposition) {
  const ResourceUsage usage = process_usage();
  exposition.add_single("process_cpu_seconds_total", "CPU time used, user and system.", MetricType::Counter,
                        seconds(usage.cpu_time));
  exposition.add_single("process_voluntary_context_switches_total", "Times a thread gave up its CPU to wait.",
                        MetricType::Counter, static_cast<double>(usage.voluntary_switches));
  exposition.add_single("process_involuntary_context_switches_total", "Times a thread was made to give up its CPU.",
                        MetricType::Counter, static_cast<double>(usage.involuntary_switches));
  if (const auto sample = sample_process(::getpid())) {
    exposition.add_single("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge,
                          static_cast<double>(sample->rss_bytes));
    exposition.add_single("process_virtual_memory_bytes", "Address space in use, touched or not.", MetricType::Gauge,
                          static_cast<double>(sample->virtual_bytes));
    exposition.add_single("process_threads", "Threads.", MetricType::Gauge, sample->threads);
  }
  const DescriptorUse descriptors = descriptor_use();
  if (descriptors.open) {
    exposition.add_single("process_open_fds", "Descriptors that are open.", MetricType::Gauge,
                          static_cast<double>(*descriptors.open));
  }
  exposition.add_single("process_max_fds", "Descriptors that may be open.", MetricType::Gauge,
                        static_cast<double>(descriptors.most));
  if (const auto started = process_start()) {
    exposition.add_single("process_start_time_seconds", "When the process started, in Unix time.", MetricType::Gauge,
                          seconds(started->time_since_epoch()));
  }
}

}  // namespace

std::string prometheus_text(const std::vector<const Telemetry*>& strategies, std::optional<bool> backend_up) {
  Exposition exposition(strategies);
  add_information(exposition, *strategies.back());
  add_requests(exposition);
  if (backend_up) {
    exposition.add_single("waitlab_backend_up", "Whether the backend could be reached last.", MetricType::Gauge,
                          *backend_up ? 1 : 0);
  }
  add_transfers(exposition);
  add_loop_lag(exposition);
  add_loops(exposition);
  add_connections(exposition);
  add_processes(exposition);
  add_process(exposition);
  return exposition.text();
}

}  // namespace waitlab::server
