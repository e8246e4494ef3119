#pragma once

#include "client/stats/time_summary.hpp"
#include "common/json/fields.hpp"

#include <string>
#include <utility>
#include <vector>

/// How times stand in a result: the description (common/json/fields.hpp) of a histogram's figures, and its forms.
namespace waitlab::client {

using MaybeTime = std::optional<std::chrono::nanoseconds>;

/// A time in microseconds, null for the value that says that there is none.
struct TimeUnless {
  std::chrono::nanoseconds none;

  form::Json write(std::chrono::nanoseconds time) const {
    return time == none ? form::Json(nullptr) : form::in_us.write(time);
  }
  void read(const JsonPlace& place, std::chrono::nanoseconds& time) const {
    time = none;
    if (!place.is_null()) form::in_us.read(place, time);
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    return form::time_or_null.schema<MaybeTime>(definitions);
  }
};

struct HistogramForm {
  form::Json write(const HdrHistogram& histogram) const { return histogram.encode(); }
  void read(const JsonPlace& place, HdrHistogram& histogram) const {
    const std::string encoded = place.text();
    if (encoded.empty()) return;  // not a form::text, which has been said: an encoding is never empty
    auto decoded = HdrHistogram::decode(encoded);
    if (!decoded) return place.refuse(decoded.error().message);
    histogram = std::move(*decoded);
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    const form::Json described = {
        {"description",
         "An HdrHistogram of nanoseconds, 1 us to 1 h at 3 significant digits: the compressed V2 encoding in base64."},
        {"type", "string"},
        {"contentEncoding", "base64"},
        {"pattern", "^HIST[A-Za-z0-9+/]+=*$"}};
    definitions["histogram"] = described;  // apart: Clang 14 leaks such a list where it is assigned in a template
    return {{"$ref", "#/$defs/histogram"}};
  }
};

/// How many independent samples there are; null where that is not known.
struct WorthForm {
  form::Json write(double samples) const { return samples > 0 ? form::Json(samples) : form::Json(nullptr); }
  void read(const JsonPlace& place, double& samples) const { samples = place.is_null() ? 0 : place.number(); }
  template <class>
  form::Json schema(form::Json&) const {
    return form::nullable(form::Number{.above = 0}.schema());
  }
};

/// The ends of a 95 % confidence interval in microseconds.
struct IntervalForm {
  form::Json write(const TimeFigure& figure) const {
    if (!figure.value) return nullptr;
    return form::Json::array({form::time_or_null.write(figure.low), form::time_or_null.write(figure.high)});
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    const form::Json end = form::time_or_null.schema<MaybeTime>(definitions);
    const form::Json described = {
        {"description",
         "The ends of a 95 % confidence interval in microseconds, null for one that the samples do not bound. Null for "
         "a percentile that is null."},
        {"type", {"array", "null"}},
        {"prefixItems", {end, end}},
        {"minItems", 2},
        {"maxItems", 2}};
    definitions["interval"] = described;  // as above
    return {{"$ref", "#/$defs/interval"}};
  }
};

/// The figures of a summary by their names, in the order in which they are written.
inline std::vector<std::pair<std::string, TimeFigure>> named_figures(const TimeSummary& summary) {
  std::vector<std::pair<std::string, TimeFigure>> figures{
      {"min", summary.min}, {"mean", summary.mean}, {"max", summary.max}};
  each_quantile(Room::plenty, [&](const Quantile& quantile, std::size_t i) {
    figures.emplace_back(quantile.key, summary.percentiles[i]);
  });
  return figures;
}

/// The names of those that are lower bounds.
struct LowerBoundsForm {
  form::Json write(const TimeSummary& summary) const {
    form::Json names = form::Json::array();
    for (const auto& [name, figure] : named_figures(summary)) {
      if (figure.at_least) names.push_back(name);
    }
    return names;
  }
  template <class>
  form::Json schema(form::Json&) const {
    form::Json names = form::Json::array();
    for (const auto& [name, figure] : named_figures({}))
      names.push_back(name);
    return {{"type", "array"}, {"uniqueItems", true}, {"items", {{"enum", names}}}};
  }
};

/// A derived member for each quantile that is told in this much room: `of(quantile, place)`.
void quantile_fields(auto& visit, Room room, const auto& form, auto of) {
  each_quantile(room, [&](const Quantile& quantile, std::size_t i) {
    const auto value = [&] { return of(quantile, i); };
    const std::string key(quantile.key);
    quantile.younger ? visit.derived_younger(key, form, value) : visit.derived(key, form, value);
  });
}

/// The percentiles of a summary.
void percentile_fields(auto& visit, Room room, const TimeSummary& summary) {
  quantile_fields(visit, room, form::time_or_null,
                  [&](const Quantile&, std::size_t i) { return summary.percentiles[i].value; });
}

/// Without the values themselves, which stand with the other histograms.
void fields(auto& visit, Of<CensoredHistogram> auto& times) {
  const TimeSummary summary = summarize(times);
  visit.type("times", "Figures of durations in microseconds; null where there are too few samples to carry one.");
  visit.derived("min", form::time_or_null, [&] { return summary.min.value; });
  visit.derived("mean", form::time_or_null, [&] { return summary.mean.value; });
  visit.derived("max", form::time_or_null, [&] { return summary.max.value; });
  percentile_fields(visit, Room::plenty, summary);
  visit.derived(
      "at_least", LowerBoundsForm{}, [&] { return summary; },
      "The figures that timed-out or unfinished requests make lower bounds.");
  visit("censored", form::count, times.censored, "How many of the durations are lower bounds.");
  visit("unfinished", form::count, times.unfinished,
        "Requests that were cut when the run was ended early: none of the durations is theirs.");
  visit("least_censored", TimeUnless{std::chrono::nanoseconds::max()}, times.least_censored,
        "The smallest of the lower bounds, in microseconds.");
  visit.group("ci95", [&](auto& intervals) {
    quantile_fields(intervals, Room::plenty, IntervalForm{},
                    [&](const Quantile&, std::size_t i) { return summary.percentiles[i]; });
  });
  visit.group(
      "effective_samples",
      [&](auto& samples) {
        each_quantile(Room::plenty, [&](const Quantile& quantile, std::size_t i) {
          samples.lenient(std::string(quantile.key), WorthForm{}, times.effective_samples[i], quantile.younger);
        });
      },
      "How many independent samples the recorded ones are worth; null: not known, as in a run too short to tell, so "
      "there is no interval.");
}

}  // namespace waitlab::client
