#include "client/format/times_table.hpp"

#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace waitlab::client {
namespace {

struct Row {
  const char* name;
  TimeFigure TimeSummary::*figure;
};

constexpr std::array<Row, 7> rows{{{"min", &TimeSummary::min},
                                   {"mean", &TimeSummary::mean},
                                   {"p50", &TimeSummary::p50},
                                   {"p90", &TimeSummary::p90},
                                   {"p99", &TimeSummary::p99},
                                   {"p99.9", &TimeSummary::p999},
                                   {"max", &TimeSummary::max}}};

/// Samples that are worth less than this share of their number are said to be.
constexpr double worth_telling = 0.5;

std::string without_trailing_spaces(std::string line) {
  return line.erase(line.find_last_not_of(' ') + 1) + "\n";
}

std::string line(const char* name, const TimeFigure& response, const TimeFigure& service) {
  return without_trailing_spaces(fmt::format("  {:<7}{:>15}{:>18}{:>16}{:>18}", name, short_time(response),
                                             interval_text(response), short_time(service), interval_text(service)));
}

bool has_intervals(const TimeSummary& summary) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Row& row) { return !interval_text(summary.*row.figure).empty(); });
}

bool has_open_end(const TimeSummary& summary) {
  return std::any_of(rows.begin(), rows.end(), [&summary](const Row& row) {
    const TimeFigure& figure = summary.*row.figure;
    return figure.low.has_value() != figure.high.has_value();
  });
}

/// Where the samples of a percentile are worth much less than their number: the one that suffers most.
std::string worth_of(const CensoredHistogram& times) {
  const EffectiveSamples& worth = times.effective_samples;
  const auto* least = std::min_element(worth.begin(), worth.end());
  const auto count = static_cast<double>(times.values.count());
  if (*least <= 0 || *least > worth_telling * count) return "";
  const auto index = static_cast<std::size_t>(least - worth.begin());
  return fmt::format("  For {} these {} requests, alike their neighbours, count as {:.0f}.\n",
                     shown_quantile_labels[index], times.values.count(), std::max(1.0, std::floor(*least)));
}

}  // namespace

std::string times_table(const LoadRecord& record) {
  const TimeSummary response = summarize(record.response_time);
  const TimeSummary service = summarize(record.service_time);
  const char* interval = has_intervals(response) || has_intervals(service) ? "95 % interval" : "";
  std::string table = without_trailing_spaces(
      fmt::format("  {:<7}{:>15}{:>18}{:>16}{:>18}", "", "response time", interval, "service time", interval));
  for (const Row& row : rows)
    table += line(row.name, response.*row.figure, service.*row.figure);
  table += worth_of(record.response_time);
  if (has_open_end(response) || has_open_end(service))
    table += "  ?: no bound, for want of samples whose times are known\n";
  return table;
}

}  // namespace waitlab::client
