#pragma once

#include "client/record/experiment_result.hpp"
#include "client/record/quantiles.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
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
  std::optional<unsigned> workers{};  ///< of its server, where each request holds one
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
enum class Measure {
  time,
  rate,
  share,
  number,
  whole,      ///< shown without decimals
  most_seen,  ///< the same, and the most that was seen at once: between the looks there may have been more
};

struct Figure;
using ReadFigure = std::optional<FigureValue>(const RunSeen&, const Figure&);

/// What a figure is called.
struct FigureNames {
  std::string_view stem{};    ///< its key in an experiment's result, without the unit at its end
  std::string_view suffix{};  ///< that unit
  std::string_view name{};    ///< in sentences
  std::string_view word{};    ///< its key in a comparison of runs, and its `--figure`; empty: it has none there
};

/// Its column in a terminal's table.
struct FigureColumn {
  std::string_view heading{};
  std::string_view unit{};  ///< under the heading: that of its values in an experiment's result
  std::size_t column = 0;   ///< how wide; 0: the table has none
};

/// What stands over it on the page.
struct FigureTitles {
  std::string_view title{};  ///< empty: it is not there
  std::string_view subtitle{};
};

/// Something that is told of a run. All of it that is told anywhere is told here once.
struct Figure : FigureNames, FigureColumn, FigureTitles {
  std::string_view meaning{};  ///< a phrase for readers
  ReadFigure* read = nullptr;
  Measure measure = Measure::number;
  double quantile = 0;  ///< of a percentile

  std::string key() const { return std::string(stem) + std::string(suffix); }
  /// A percentile, of which the samples of a run set an interval.
  constexpr bool is_of_samples() const { return quantile > 0; }
  constexpr bool is_most_seen() const { return measure == Measure::most_seen; }
  constexpr bool is_whole() const { return measure == Measure::whole || is_most_seen(); }
};

/// How figures are read from a run. The times are response times of successful responses, of which time-outs count as
/// at least as long: an error that comes at once is not a fast answer. A rate is per second of the window.
namespace figure_reads {

ReadFigure achieved_rate, percentile_time, mean_time, error_share, waiting_memory, rejected_rate, mean_hold,
    utilisation;

/// What a member of the result says, or calculates.
template <auto member>
std::optional<FigureValue> of_load(const RunSeen& run, const Figure&) {
  return FigureValue{.value = static_cast<double>(std::invoke(member, run.load))};
}

/// What was seen of the server, in these units; nothing if nobody looked.
template <auto member, std::uint64_t unit = 1>
std::optional<FigureValue> of_server(const RunSeen& run, const Figure&) {
  if (run.server == nullptr || run.server->samples.empty()) return std::nullopt;
  return FigureValue{.value = static_cast<double>(run.server->*member) / static_cast<double>(unit)};
}

/// The most of it that its /status told; nothing if it was not asked.
template <auto member>
std::optional<FigureValue> most_seen(const RunSeen& run, const Figure&) {
  if (run.server == nullptr || !(run.server->*member)) return std::nullopt;
  return FigureValue{.value = static_cast<double>(*(run.server->*member)), .at_least = true};
}

/// What the server used, for each request that it completed; nothing if its counters were not read.
template <auto member>
std::optional<FigureValue> per_request(const RunSeen& run, const Figure&) {
  if (run.server == nullptr || !run.server->usage || run.server->usage->completed == 0) return std::nullopt;
  const ServerUsage& usage = *run.server->usage;
  return FigureValue{.value = static_cast<double>(std::invoke(member, usage)) / static_cast<double>(usage.completed)};
}

}  // namespace figure_reads

constexpr Figure figure(FigureNames names, FigureColumn column, FigureTitles titles, std::string_view meaning,
                        ReadFigure* read, Measure measure = Measure::number, double quantile = 0) {
  return {names, column, titles, meaning, read, measure, quantile};
}

constexpr Figure figure_of(const Quantile& quantile) {
  return figure({quantile.key, "_ms", quantile.label, quantile.key}, {quantile.label, "ms", quantile.column},
                {quantile.label}, quantile.meaning, figure_reads::percentile_time, Measure::time, quantile.share);
}

/// The table: what each is called, its column, its titles on the page, its meaning, how it is read, what it is.
inline constexpr std::array figures_before_percentiles{
    figure({"good", "_per_s", "goodput"}, {"good", "/s", 8}, {"Answered well", "successful responses per second"},
           "answered as wanted, per second", figure_reads::of_load<&LoadResult::good_rate>, Measure::rate),
};

inline constexpr std::array figures_after_percentiles{
    figure({"", "", "mean", "mean"}, {}, {},  // of a comparison of runs alone
           "the mean response time of successful responses", figure_reads::mean_time, Measure::time),
    figure({"achieved", "_per_s", "rate", "rate"}, {"achieved", "/s"}, {"Responses", "per second, errors included"},
           "responses per second, errors included", figure_reads::achieved_rate, Measure::rate),
    figure({"errors", "_percent", "error share", "errors"}, {"err", "%", 5}, {"Errors", "%"},
           "requests that failed, timed out or were answered with an error", figure_reads::error_share, Measure::share),
    figure(
        {"utilisation", "_percent", "utilisation"}, {"busy", "%", 5}, {"Utilisation", "%"},
        "offered rate × the time for which a request holds its worker ÷ workers: beyond 100 %, waits grow without end",
        figure_reads::utilisation, Measure::share),
    figure({"peak_threads", "", "threads"}, {"threads", "peak", 8}, {"Threads", "most at once"},
           "the most threads the server process had", figure_reads::of_server<&ServerObservation::peak_threads>,
           Measure::whole),
    figure({"peak_rss", "_mib", "memory"}, {"RSS", "MiB", 5}, {"Memory", "RSS at its peak, MiB"},
           "the most memory the server process had resident",
           figure_reads::of_server<&ServerObservation::peak_rss_bytes, 1 << 20>),
    figure({"kib_per_waiting_request", "", "memory of waiting"}, {"waiting", "KiB/rq"},
           {"Memory per waiting request", "KiB above idle, for each in flight"},
           "memory above the idle server's for each request in flight, where at least 100 were",
           figure_reads::waiting_memory),
    figure({"cpu_us_per_request", "", "CPU time"}, {"CPU", "µs/rq", 6}, {"CPU time", "µs for each request"},
           "CPU time of the server process per request", figure_reads::per_request<&ServerUsage::cpu_us>,
           Measure::whole),
    figure({"switches_per_request", "", "context switches"}, {"csw", "/rq", 5},
           {"Context switches", "for each request"},
           "context switches of the server process per request, voluntary and involuntary",
           figure_reads::per_request<&ServerUsage::switches>),
    figure({"arrived", "_per_s", "arrivals"}, {"arrived", "/s"}, {}, "requests per second that were due",
           figure_reads::of_load<&LoadResult::arrived_rate>, Measure::rate),
    figure({"peak_in_flight", "", "in flight"}, {"in flight", "peak"}, {"In flight", "most seen in the server at once"},
           "requests seen inside the server at once, at least",
           figure_reads::most_seen<&ServerObservation::peak_in_flight>, Measure::most_seen),
    figure({"peak_queued", "", "queued"}, {"queued", "peak"}, {"Queued", "most seen queued in the server at once"},
           "requests seen queued inside the server at once, at least",
           figure_reads::most_seen<&ServerObservation::peak_queued>, Measure::most_seen),
    figure({"rejected", "_per_s", "rejected"}, {"rejected", "/s"}, {"Rejected", "requests per second"},
           "requests per second that the server rejected", figure_reads::rejected_rate),
    figure({"mean_hold", "_ms", "hold"}, {"hold", "ms"}, {},
           "how long the backend held a request on average, by its own log", figure_reads::mean_hold, Measure::time),
};

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

  static const Metric good, p50, p90, p99, p999, mean, achieved, errors, utilisation, threads, memory, waiting, cpu,
      switches, arrived, in_flight, queued, rejected, hold;
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
inline constexpr Metric Metric::utilisation = metric_named("utilisation");
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
