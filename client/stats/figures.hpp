#pragma once

#include "client/record/experiment_result.hpp"
#include "client/record/quantiles.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace waitlab::client {

/// What figures are read from: a run of load, and what was seen of its server if anybody looked.
struct RunSeen {
  const LoadResult& load;
  const ServerObservation* server = nullptr;
  std::optional<std::chrono::nanoseconds> mean_hold{};
};

/// A figure of one run: nanoseconds, a share of 1, or a number in the figure's own unit.
struct FigureValue {
  double value = 0;
  bool at_least = false;                     ///< time-outs or the moments of looking make it a lower bound
  std::optional<double> low = std::nullopt;  ///< the ends of its 95 % confidence interval, where its samples give one
  std::optional<double> high = std::nullopt;
  double resolution = 0;  ///< the true value may be this share of it away
};

/// What kind of number a figure is.
enum class Measure { time, rate, share, number };

struct Figure;
using ReadFigure = std::optional<FigureValue>(const RunSeen&, const Figure&);

/// Something that is told of a run. All of it that is told anywhere is told here once.
struct Figure {
  std::string_view stem{};      ///< its key in an experiment's result, without the unit at its end
  std::string_view suffix{};    ///< that unit
  std::string_view word{};      ///< its key in a comparison of runs, and its `--figure`; empty: it has none there
  std::string_view name{};      ///< in sentences
  std::string_view heading{};   ///< of a column for a terminal; under it stands the unit
  std::string_view unit{};      ///< of its values in an experiment's result
  std::size_t column = 0;       ///< how wide that column is; 0: the table has none
  std::string_view title{};     ///< on the page; empty: it is not there
  std::string_view subtitle{};  ///< under it
  std::string_view meaning{};   ///< a phrase for readers
  Measure measure = Measure::number;
  bool whole = false;      ///< shown without decimals
  bool most_seen = false;  ///< the most that was seen at once; between the looks there may have been more
  ReadFigure* read = nullptr;
  double quantile = 0;  ///< of a percentile

  std::string key() const { return std::string(stem) + std::string(suffix); }
};

/// The times are response times of successful responses, of which time-outs count as at least as long: an error that
/// comes at once is not a fast answer. A rate is per second of the window.
namespace figure_reads {
ReadFigure good_rate, achieved_rate, arrived_rate, percentile_time, mean_time, error_share;
ReadFigure peak_threads, peak_memory, waiting_memory, cpu_time, switches, in_flight, queued, rejected_rate, mean_hold;
}  // namespace figure_reads

inline constexpr std::array figures_before_percentiles{
    Figure{.stem = "good",
           .suffix = "_per_s",
           .name = "goodput",
           .heading = "good",
           .unit = "/s",
           .column = 9,
           .title = "Answered well",
           .subtitle = "successful responses per second",
           .meaning = "answered as wanted, per second",
           .measure = Measure::rate,
           .read = figure_reads::good_rate},
};

inline constexpr std::array figures_after_percentiles{
    // Of a comparison of runs alone.
    Figure{.stem = "",
           .word = "mean",
           .name = "mean",
           .meaning = "the mean response time of successful responses",
           .measure = Measure::time,
           .read = figure_reads::mean_time},
    Figure{.stem = "achieved",
           .suffix = "_per_s",
           .word = "rate",
           .name = "rate",
           .heading = "achieved",
           .unit = "/s",
           .title = "Responses",
           .subtitle = "per second, errors included",
           .meaning = "responses per second, errors included",
           .measure = Measure::rate,
           .read = figure_reads::achieved_rate},
    Figure{.stem = "errors",
           .suffix = "_percent",
           .word = "errors",
           .name = "error share",
           .heading = "errors",
           .unit = "%",
           .column = 7,
           .title = "Errors",
           .subtitle = "%",
           .meaning = "requests that failed, timed out or were answered with an error",
           .measure = Measure::share,
           .read = figure_reads::error_share},
    Figure{.stem = "peak_threads",
           .name = "threads",
           .heading = "threads",
           .unit = "peak",
           .column = 8,
           .title = "Threads",
           .subtitle = "most at once",
           .meaning = "the most threads the server process had",
           .whole = true,
           .read = figure_reads::peak_threads},
    Figure{.stem = "peak_rss",
           .suffix = "_mib",
           .name = "memory",
           .heading = "RSS",
           .unit = "MiB",
           .column = 5,
           .title = "Memory",
           .subtitle = "RSS at its peak, MiB",
           .meaning = "the most memory the server process had resident",
           .read = figure_reads::peak_memory},
    Figure{.stem = "kib_per_waiting_request",
           .name = "memory of waiting",
           .heading = "waiting",
           .unit = "KiB/rq",
           .title = "Memory per waiting request",
           .subtitle = "KiB above idle, for each in flight",
           .meaning = "memory above the idle server's for each request in flight, where at least 100 were",
           .read = figure_reads::waiting_memory},
    Figure{.stem = "cpu_us_per_request",
           .name = "CPU time",
           .heading = "CPU",
           .unit = "µs/rq",
           .column = 6,
           .title = "CPU time",
           .subtitle = "µs for each request",
           .meaning = "CPU time of the server process per request",
           .whole = true,
           .read = figure_reads::cpu_time},
    Figure{.stem = "switches_per_request",
           .name = "context switches",
           .heading = "switch",
           .unit = "/rq",
           .column = 7,
           .title = "Context switches",
           .subtitle = "for each request",
           .meaning = "context switches of the server process per request, voluntary and involuntary",
           .read = figure_reads::switches},
    Figure{.stem = "arrived",
           .suffix = "_per_s",
           .name = "arrivals",
           .heading = "arrived",
           .unit = "/s",
           .meaning = "requests per second that were due",
           .measure = Measure::rate,
           .read = figure_reads::arrived_rate},
    Figure{.stem = "peak_in_flight",
           .name = "in flight",
           .heading = "in flight",
           .unit = "peak",
           .title = "In flight",
           .subtitle = "most seen in the server at once",
           .meaning = "requests seen inside the server at once, at least",
           .whole = true,
           .most_seen = true,
           .read = figure_reads::in_flight},
    Figure{.stem = "peak_queued",
           .name = "queued",
           .heading = "queued",
           .unit = "peak",
           .title = "Queued",
           .subtitle = "most seen queued in the server at once",
           .meaning = "requests seen queued inside the server at once, at least",
           .whole = true,
           .most_seen = true,
           .read = figure_reads::queued},
    Figure{.stem = "rejected",
           .suffix = "_per_s",
           .name = "rejected",
           .heading = "rejected",
           .unit = "/s",
           .title = "Rejected",
           .subtitle = "turned away per second",
           .meaning = "requests per second that the server turned away",
           .read = figure_reads::rejected_rate},
    Figure{.stem = "mean_hold",
           .suffix = "_ms",
           .name = "hold",
           .heading = "hold",
           .unit = "ms",
           .meaning = "how long the backend held a request on average, by its own log",
           .measure = Measure::time,
           .read = figure_reads::mean_hold},
};

constexpr Figure figure_of(const Quantile& quantile) {
  return {.stem = quantile.key,
          .suffix = "_ms",
          .word = quantile.key,
          .name = quantile.label,
          .heading = quantile.label,
          .unit = "ms",
          .column = quantile.column,
          .title = quantile.label,
          .meaning = quantile.meaning,
          .measure = Measure::time,
          .read = figure_reads::percentile_time,
          .quantile = quantile.share};
}

inline constexpr std::size_t figure_count =
    figures_before_percentiles.size() + shown_quantiles.size() + figures_after_percentiles.size();

/// The table, in the order of the columns that a terminal shows.
inline constexpr std::array<Figure, figure_count> all_figures = [] {
  std::array<Figure, figure_count> all{};
  std::size_t next = 0;
  for (const Figure& figure : figures_before_percentiles)
    all[next++] = figure;
  for (const Quantile& quantile : shown_quantiles)
    all[next++] = figure_of(quantile);
  for (const Figure& figure : figures_after_percentiles)
    all[next++] = figure;
  return all;
}();

/// One of them, by its place in the table. Those that the source asks for have names.
struct Metric {
  std::size_t index = 0;

  constexpr bool operator==(const Metric&) const = default;
  constexpr bool operator<(const Metric& other) const noexcept { return index < other.index; }
  constexpr const Figure& operator*() const { return all_figures[index]; }
  constexpr const Figure* operator->() const { return &all_figures[index]; }

  static const Metric good, p50, p90, p99, p999, mean, achieved, errors, threads, memory, waiting, cpu, switches,
      arrived, in_flight, queued, rejected, hold;
};

/// The one with this stem, or without one, this word; there must be one.
consteval Metric metric_named(std::string_view name) {
  for (std::size_t i = 0; i < all_figures.size(); ++i) {
    if ((all_figures[i].stem.empty() ? all_figures[i].word : all_figures[i].stem) == name) return {i};
  }
  throw std::logic_error("there is no such figure");
}

inline constexpr Metric Metric::good = metric_named("good");
inline constexpr Metric Metric::p50 = metric_named("p50");
inline constexpr Metric Metric::p90 = metric_named("p90");
inline constexpr Metric Metric::p99 = metric_named("p99");
inline constexpr Metric Metric::p999 = metric_named("p999");
inline constexpr Metric Metric::mean = metric_named("mean");
inline constexpr Metric Metric::achieved = metric_named("achieved");
inline constexpr Metric Metric::errors = metric_named("errors");
inline constexpr Metric Metric::threads = metric_named("peak_threads");
inline constexpr Metric Metric::memory = metric_named("peak_rss");
inline constexpr Metric Metric::waiting = metric_named("kib_per_waiting_request");
inline constexpr Metric Metric::cpu = metric_named("cpu_us_per_request");
inline constexpr Metric Metric::switches = metric_named("switches_per_request");
inline constexpr Metric Metric::arrived = metric_named("arrived");
inline constexpr Metric Metric::in_flight = metric_named("peak_in_flight");
inline constexpr Metric Metric::queued = metric_named("peak_queued");
inline constexpr Metric Metric::rejected = metric_named("rejected");
inline constexpr Metric Metric::hold = metric_named("mean_hold");

/// Of a run; nothing where the run does not have it: too few samples, nobody looked, nothing was sent.
std::optional<FigureValue> read_figure(Metric metric, const RunSeen& run);

/// A value in the unit that an experiment's result has it in: 1.5 for 1,500,000 ns.
double in_shown_unit(Metric metric, double value);

/// All that an experiment's results have.
inline constexpr bool is_of_experiments(Metric metric) {
  return !metric->stem.empty();
}

/// Calls `visit` with each of the metrics, in the table's order.
void each_metric(auto visit) {
  for (std::size_t i = 0; i < all_figures.size(); ++i)
    visit(Metric{i});
}

}  // namespace waitlab::client
