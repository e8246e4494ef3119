#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace waitlab::client {

/// What is compared between targets. The order is that of the table's columns, then what only reports show.
enum class Metric {
  good,  ///< answers per second that were what was wanted
  p50,   ///< response time of these; time-outs count as at least as long
  p90,
  p99,
  errors,     ///< share of the requests that went wrong
  threads,    ///< the most the server process had
  memory,     ///< the most resident memory the server process had
  cpu,        ///< server CPU time per request
  switches,   ///< context switches of the server per request, voluntary and involuntary
  achieved,   ///< responses per second, errors included
  arrived,    ///< requests per second that the schedule really asked for
  in_flight,  ///< requests seen in the server at once: at least so many
  queued,     ///< requests seen queued in the server at once: at least so many
  hold,       ///< mean time the backend held the requests
  p999,       ///< response time, as p50
  rejected,   ///< requests per second that the server turned away
  /// Memory per request in flight: the peak above what the idle server had, over the most in flight. Nothing below 100
  /// of them: a few requests would be charged with all that a server touches once, such as the stacks of its threads.
  waiting,
};

inline constexpr std::size_t metric_count = 17;

/// How a metric is written.
struct MetricText {
  std::string_view key;      ///< in JSON
  std::string_view name;     ///< in a heading
  std::string_view unit;     ///< under it
  std::string_view meaning;  ///< a phrase for readers
};

inline constexpr std::array<MetricText, metric_count> metric_texts{{
    {"good_per_s", "good", "/s", "answered as wanted, per second"},
    {"p50_ms", "p50", "ms", "half of the good answers came faster, counted from when each request was due"},
    {"p90_ms", "p90", "ms", "nine in ten good answers came faster"},
    {"p99_ms", "p99", "ms", "all but one in a hundred good answers came faster"},
    {"errors_percent", "errors", "%", "requests that failed, timed out or were answered with an error"},
    {"peak_threads", "threads", "peak", "the most threads the server process had"},
    {"peak_rss_mib", "RSS", "MiB", "the most memory the server process had resident"},
    {"cpu_us_per_request", "CPU", "µs/rq", "CPU time of the server process per request"},
    {"switches_per_request", "switch", "/rq", "context switches of the server process per request"},
    {"achieved_per_s", "achieved", "/s", "responses per second, errors included"},
    {"arrived_per_s", "arrived", "/s", "requests per second that were due"},
    {"peak_in_flight", "in flight", "peak", "requests seen inside the server at once, at least"},
    {"peak_queued", "queued", "peak", "requests seen queued inside the server at once, at least"},
    {"mean_hold_ms", "hold", "ms", "how long the backend held a request on average, by its own log"},
    {"p999_ms", "p99.9", "ms", "all but one in a thousand good answers came faster"},
    {"rejected_per_s", "rejected", "/s", "requests per second that the server turned away"},
    {"kib_per_waiting_request", "waiting", "KiB/rq",
     "memory above the idle server's for each request in flight, where at least 100 were"},
}};

inline constexpr const MetricText& text_of(Metric metric) {
  return metric_texts[static_cast<std::size_t>(metric)];
}

/// The columns of a comparison.
inline constexpr std::array table_metrics{Metric::good,    Metric::p50,    Metric::p90, Metric::p99,     Metric::errors,
                                          Metric::threads, Metric::memory, Metric::cpu, Metric::switches};

}  // namespace waitlab::client
