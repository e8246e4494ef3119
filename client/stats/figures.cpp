#include "client/stats/figures.hpp"

#include "client/stats/time_summary.hpp"
#include "common/clock/seconds.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr std::uint64_t fewest_in_flight = 100;  ///< that memory is shared out among
constexpr double bytes_per_kib = 1024.0;

using MaybeFigure = std::optional<FigureValue>;

/// How far two times may be apart that a histogram keeps as one.
double bucket_width(std::chrono::nanoseconds time) {
  HdrHistogram histogram;
  histogram.record(time);
  return static_cast<double>((histogram.max() - histogram.min()).count() + 1);
}

/// Of a count that one request more or less is a matter of chance.
double resolution_of_count(std::uint64_t count) {
  return count == 0 ? 0 : 1 / static_cast<double>(count);
}

std::optional<double> nanoseconds_of(const std::optional<std::chrono::nanoseconds>& time) {
  return time ? std::optional(static_cast<double>(time->count())) : std::nullopt;
}

MaybeFigure figure_of_time(const TimeFigure& time) {
  if (!time.value) return std::nullopt;
  const auto value = static_cast<double>(time.value->count());
  return FigureValue{.value = value,
                     .at_least = time.at_least,
                     .low = nanoseconds_of(time.low),
                     .high = nanoseconds_of(time.high),
                     .resolution = value > 0 ? bucket_width(*time.value) / value : 0};
}

}  // namespace

namespace figure_reads {

MaybeFigure achieved_rate(const RunSeen& run, const Figure&) {
  if (!run.load.has_rate()) return std::nullopt;
  return FigureValue{.value = run.load.achieved_rate(),
                     .resolution = resolution_of_count(run.load.record.completed_in_window)};
}

MaybeFigure percentile_time(const RunSeen& run, const Figure& figure) {
  return figure_of_time(percentile(run.load.record.good_response_time(), figure.quantile));
}

MaybeFigure mean_time(const RunSeen& run, const Figure&) {
  return figure_of_time(summarize(run.load.record.good_response_time()).mean);
}

/// Of the requests that came to an end of their own.
MaybeFigure error_share(const RunSeen& run, const Figure&) {
  const LoadRecord& record = run.load.record;
  if (record.requests.finished() == 0) return std::nullopt;
  return FigureValue{
      .value = static_cast<double>(record.error_count()) / static_cast<double>(record.requests.finished()),
      .resolution = resolution_of_count(record.error_count())};
}

/// The peak above what the idle server had, over the most in flight. Nothing below 100 of them: a few requests would be
/// charged with all that a server touches once, such as the stacks of its threads.
MaybeFigure waiting_memory(const RunSeen& run, const Figure&) {
  if (run.server == nullptr || run.server->samples.empty() || !run.server->idle_rss_bytes) return std::nullopt;
  const std::uint64_t in_flight_at_peak = run.server->peak_in_flight.value_or(0);
  if (in_flight_at_peak < fewest_in_flight) return std::nullopt;
  const double more =
      static_cast<double>(run.server->peak_rss_bytes) - static_cast<double>(*run.server->idle_rss_bytes);
  return FigureValue{.value = std::max(more, 0.0) / bytes_per_kib / static_cast<double>(in_flight_at_peak)};
}

MaybeFigure rejected_rate(const RunSeen& run, const Figure&) {
  if (run.server == nullptr || !run.server->usage || !run.server->usage->rejected) return std::nullopt;
  return FigureValue{.value = per_second(*run.server->usage->rejected, run.server->usage->span)};
}

MaybeFigure mean_hold(const RunSeen& run, const Figure&) {
  return figure_of_time({.value = run.mean_hold});
}

/// By the offered rate, not by what arrived of it: chance spares a server for a moment, and not for good.
MaybeFigure utilisation(const RunSeen& run, const Figure&) {
  if (!run.workers || !run.load.offered_rate) return std::nullopt;
  const SplitMean mean = run.load.record.split.all();
  const auto part = [&mean](Part one) { return mean.part_ns[static_cast<std::size_t>(one)]; };
  const double held_ns = part(Part::backend) + part(Part::handler);
  if (held_ns <= 0) return std::nullopt;
  return FigureValue{.value = *run.load.offered_rate * held_ns / 1e9 / *run.workers};
}

}  // namespace figure_reads

std::optional<FigureValue> read_figure(Metric metric, const RunSeen& run) {
  return metric->read(run, *metric);
}

double in_shown_unit(Metric metric, double value) {
  constexpr double ns_per_ms = 1e6;
  if (metric->measure == Measure::time) return value / ns_per_ms;
  return metric->measure == Measure::share ? 100 * value : value;
}

}  // namespace waitlab::client
