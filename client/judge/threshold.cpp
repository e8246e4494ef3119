#include "client/judge/threshold.hpp"

#include "client/stats/time_summary.hpp"
#include "client/stats/time_text.hpp"
#include "common/config/units.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace waitlab::client {
namespace {

constexpr std::string_view service_prefix = "service_";
constexpr const char* known_metrics =
    "rate, errors, mean, min, max and percentiles such as p50, p99 or p99.9; of the service time with service_ before";

struct Words {
  std::string_view metric;
  std::string_view order;
  std::string_view limit;
};

Words split(std::string_view text) {
  constexpr std::string_view signs = "<>=!";
  const auto begin = std::min(text.find_first_of(signs), text.size());
  const auto end = std::min(text.find_first_not_of(signs, begin), text.size());
  return {trimmed(text.substr(0, begin)), text.substr(begin, end - begin), trimmed(text.substr(end))};
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  const bool whole = read.ec == std::errc() && read.ptr == end;
  if (!whole || !std::isfinite(number) || number < 0) return {};
  return number;
}

/// "p99.9" and, as in result files, "p999".
std::optional<double> parse_quantile(std::string_view name) {
  if (!name.starts_with('p')) return {};
  const std::string_view digits = name.substr(1);
  const bool without_point = digits.size() > 2 && digits.starts_with("99") && digits.find('.') == std::string::npos;
  const std::string figure = without_point ? fmt::format("99.{}", digits.substr(2)) : std::string(digits);
  const auto percent = parse_number(figure);
  if (!percent || *percent <= 0 || *percent >= 100) return {};
  const std::string share = figure + "e-2";  // not 99.9 / 100, which is not the double nearest to 0.999
  double quantile = 0;
  std::from_chars(share.data(), share.data() + share.size(), quantile);
  return quantile;
}

/// The names that are known, for what is close to one of them. Percentiles that no table shows are known as well.
std::vector<std::string> known_names() {
  std::vector<std::string> times{"mean", "min", "max"};
  for (const Quantile& quantile : shown_quantiles)
    times.emplace_back(quantile.label);
  std::vector<std::string> names{"rate", "errors"};
  for (const char* prefix : {"", service_prefix.data()}) {
    for (const std::string& time : times)
      names.push_back(prefix + time);
  }
  return names;
}

Failure unknown_metric(std::string_view name) {
  const auto nearest = nearest_name(name, known_names());
  return Failure{fmt::format("'{}' is not known{}; known are {}", name,
                             nearest ? fmt::format(", did you mean '{}'?", *nearest) : "", known_metrics)};
}

Result<void> read_metric(std::string_view name, Threshold& threshold) {
  if (name == "rate" || name == "errors") {
    threshold.metric = name == "rate" ? Threshold::Metric::rate : Threshold::Metric::errors;
    return {};
  }
  threshold.service = name.starts_with(service_prefix);
  const std::string_view figure = name.substr(threshold.service ? service_prefix.size() : 0);
  if (figure == "mean" || figure == "min" || figure == "max") {
    threshold.metric = figure == "mean"  ? Threshold::Metric::mean
                       : figure == "min" ? Threshold::Metric::min
                                         : Threshold::Metric::max;
    return {};
  }
  const auto quantile = parse_quantile(figure);
  if (!quantile) return unknown_metric(name);
  threshold.metric = Threshold::Metric::percentile;
  threshold.quantile = *quantile;
  return {};
}

Result<Threshold::Order> parse_order(std::string_view text) {
  constexpr std::array<std::string_view, 4> orders{"<", "<=", ">", ">="};
  const auto* found = std::find(orders.begin(), orders.end(), text);
  if (found != orders.end()) return static_cast<Threshold::Order>(found - orders.begin());
  if (text.empty()) return Failure{"there is no order (< <= > >=) in it"};
  return Failure{fmt::format("'{}' is no order; use < <= > or >= ('errors<1' says that there are none)", text)};
}

Result<void> read_rate(std::string_view text, Threshold& threshold) {
  const auto number = parse_number(text.ends_with("/s") ? text.substr(0, text.size() - 2) : text);
  if (!number) return Failure{fmt::format("'{}' is no rate; write requests per second, such as 380", text)};
  threshold.limit = *number;
  return {};
}

Result<void> read_errors(std::string_view text, Threshold& threshold) {
  const bool share = text.ends_with('%');
  const auto number = parse_number(share ? trimmed(text.substr(0, text.size() - 1)) : text);
  const bool in_range = number && (share ? *number <= 100 : *number == std::floor(*number));
  if (!in_range) {
    return Failure{fmt::format("'{}' is no limit for errors; write a whole number, or a share such as 1%", text)};
  }
  threshold.metric = share ? Threshold::Metric::error_share : Threshold::Metric::errors;
  threshold.limit = share ? *number / 100 : *number;
  return {};
}

Result<void> read_limit(std::string_view text, Threshold& threshold) {
  if (threshold.metric == Threshold::Metric::rate) return read_rate(text, threshold);
  if (threshold.metric == Threshold::Metric::errors) return read_errors(text, threshold);
  const auto time = parse_duration(text);
  if (!time) return time.error();
  threshold.limit = static_cast<double>(time->count());
  return {};
}

Result<Threshold> parse(std::string_view text) {
  const Words words = split(text);
  Threshold threshold;
  threshold.text = text;
  const auto order = parse_order(words.order);
  if (!order) return order.error();
  threshold.order = *order;
  if (const auto read = read_metric(words.metric, threshold); !read) return read.error();
  if (const auto read = read_limit(words.limit, threshold); !read) return read.error();
  return threshold;
}

bool is_upper_limit(const Threshold& threshold) {
  return threshold.order == Threshold::Order::less || threshold.order == Threshold::Order::at_most;
}

bool meets(const Threshold& threshold, double value) {
  switch (threshold.order) {
    case Threshold::Order::less:
      return value < threshold.limit;
    case Threshold::Order::at_most:
      return value <= threshold.limit;
    case Threshold::Order::greater:
      return value > threshold.limit;
    case Threshold::Order::at_least:
      break;
  }
  return value >= threshold.limit;
}

TimeFigure time_figure(const Threshold& threshold, const LoadRecord& record) {
  const CensoredHistogram& times = threshold.service ? record.service_time : record.response_time;
  if (threshold.metric == Threshold::Metric::percentile) return percentile(times, threshold.quantile);
  const TimeSummary summary = summarize(times);
  if (threshold.metric == Threshold::Metric::mean) return summary.mean;
  return threshold.metric == Threshold::Metric::min ? summary.min : summary.max;
}

/// True where an end of the interval is not known.
bool may_be_at(const TimeFigure& figure, double limit) {
  const auto ns = [](std::chrono::nanoseconds time) { return static_cast<double>(time.count()); };
  const bool below = figure.low && limit < ns(*figure.low);
  const bool above = figure.high && limit > ns(*figure.high);
  return figure.value && !below && !above;
}

/// With its interval where the limit lies in it: another run may well find otherwise.
std::string found_text(const TimeFigure& figure, double limit) {
  const std::string interval = interval_text(figure);
  if (figure.at_least || interval.empty() || !may_be_at(figure, limit)) return short_time(figure);
  return fmt::format("{} (95 %: {})", short_time(figure), interval);
}

ThresholdOutcome hold_time(const Threshold& threshold, const LoadRecord& record) {
  const TimeFigure figure = time_figure(threshold, record);
  if (!figure.value) return {threshold.text, false, "too few samples"};
  const bool unbounded = figure.at_least && is_upper_limit(threshold);
  return {threshold.text, !unbounded && meets(threshold, static_cast<double>(figure.value->count())),
          found_text(figure, threshold.limit)};
}

ThresholdOutcome hold_rate(const Threshold& threshold, const LoadResult& result) {
  const std::uint64_t responses = result.record.completed_in_window;
  if (!result.has_rate()) {
    return {threshold.text, false,
            fmt::format("{} response{} in {} make{} no rate", responses, responses == 1 ? "" : "s",
                        short_time(result.window), responses == 1 ? "s" : "")};
  }
  return {threshold.text, meets(threshold, result.achieved_rate()), fmt::format("{:.1f}/s", result.achieved_rate())};
}

ThresholdOutcome hold_errors(const Threshold& threshold, const LoadRecord& record) {
  const std::uint64_t finished = record.requests.finished();
  if (finished == 0) return {threshold.text, false, "no request ended"};
  const std::uint64_t errors = record.error_count();
  const double share = static_cast<double>(errors) / static_cast<double>(finished);
  const bool met =
      meets(threshold, threshold.metric == Threshold::Metric::errors ? static_cast<double>(errors) : share);
  if (errors == 0) return {threshold.text, met, "no errors"};
  return {threshold.text, met, fmt::format("{} of {} requests, {:.3g} %", errors, finished, 100 * share)};
}

}  // namespace

Result<Threshold> parse_threshold(std::string_view text) {
  auto threshold = parse(trimmed(text));
  if (threshold) return threshold;
  return Failure{fmt::format("threshold '{}': {}; an example is 'p99<200ms'", text, threshold.error().message)};
}

bool imply_errors(std::vector<Threshold>& thresholds) {
  const auto is_about_errors = [](const Threshold& threshold) {
    return threshold.metric == Threshold::Metric::errors || threshold.metric == Threshold::Metric::error_share;
  };
  if (std::ranges::any_of(thresholds, is_about_errors)) return false;
  thresholds.push_back(parse_threshold(implied_threshold).value());
  return true;
}

ThresholdOutcome hold_against(const Threshold& threshold, const LoadResult& result) {
  if (result.aborted_by && result.aborted_by->text == threshold.text) return *result.aborted_by;
  switch (threshold.metric) {
    case Threshold::Metric::rate:
      return hold_rate(threshold, result);
    case Threshold::Metric::errors:
    case Threshold::Metric::error_share:
      return hold_errors(threshold, result.record);
    default:
      return hold_time(threshold, result.record);
  }
}

std::vector<ThresholdOutcome> hold_against(const std::vector<Threshold>& thresholds, const LoadResult& result) {
  std::vector<ThresholdOutcome> outcomes;
  for (const Threshold& threshold : thresholds)
    outcomes.push_back(hold_against(threshold, result));
  return outcomes;
}

bool is_close(const Threshold& threshold, const LoadResult& result) {
  return threshold.metric == Threshold::Metric::percentile &&
         may_be_at(time_figure(threshold, result.record), threshold.limit);
}

std::vector<std::string> texts_of(const std::vector<Threshold>& thresholds) {
  std::vector<std::string> texts;
  for (const Threshold& threshold : thresholds)
    texts.push_back(threshold.text);
  return texts;
}

}  // namespace waitlab::client
