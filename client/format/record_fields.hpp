#pragma once

#include "client/format/times_fields.hpp"
#include "client/record/load_result.hpp"

#include <algorithm>
#include <charconv>

/// What a run and a step of one have in common in a result: the descriptions (common/json/fields.hpp) of a record.
namespace waitlab::client {

inline constexpr double slowest_share = 0.01;

void fields(auto& visit, Of<RequestCounts> auto& requests) {
  visit.type("requests", "sent = completed + failed + timed_out + unfinished.");
  visit("sent", form::count, requests.sent);
  visit("completed", form::count, requests.completed);
  visit("failed", form::count, requests.failed);
  visit("timed_out", form::count, requests.timed_out);
  visit("unfinished", form::count, requests.unfinished);
}

void fields(auto& visit, Of<SecondHalf> auto& half) {
  visit("due", form::amount, half.due, "Arrivals by the schedule; 0 for a closed loop.");
  visit("completed", form::count, half.completed);
}

void fields(auto& visit, Of<SplitMean> auto& mean) {
  visit.type("parts",
             "Mean parts of the response times of a share of the requests, in microseconds; they add up to the mean "
             "response time.");
  visit.derived("share", form::Number{.above = 0, .most = 1}, [&] { return mean.share; });
  for (std::size_t i = 0; i < part_names.size(); ++i)
    visit.derived(std::string(part_names[i]) + "_us", form::amount, [&mean, i] { return mean.part_ns[i] / 1e3; });
}

void fields(auto& visit, Of<ThresholdOutcome> auto& outcome) {
  visit.type("outcome");
  visit("threshold", form::text, outcome.text);
  visit("met", form::flag, outcome.met);
  visit("found", form::text, outcome.found);
}

void fields(auto& visit, Of<LoadThreadUsage> auto& usage) {
  visit("cpu_share", form::amount, usage.cpu_share, "Of one CPU.");
  visit("span_s", form::in_seconds, usage.span, "Over which that was.");
  visit("involuntary_switches", form::count, usage.involuntary_switches);
}

/// Tallies by kind of error, of which those that are not 0 are there: one figure of each, which `figure` is.
template <class Form, class T>
struct ByErrorKind {
  Form form;
  T ErrorTally::*figure;

  using Tallies = std::array<ErrorTally, error_names.size()>;

  form::Json write(const Tallies& tallies) const {
    form::Json json = form::Json::object();
    for (std::size_t i = 0; i < tallies.size(); ++i) {
      if (tallies[i].count > 0) json[std::string(error_names[i])] = form.write(tallies[i].*figure);
    }
    return json;
  }
  void read(const JsonPlace& place, Tallies& tallies) const {
    for (const auto& [kind, member] : place.members()) {
      const auto* const known = std::find(error_names.begin(), error_names.end(), kind);
      if (known == error_names.end()) return member.refuse("is no kind of error that is known");
      form.read(member, tallies[static_cast<std::size_t>(known - error_names.begin())].*figure);
    }
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    definitions["kind"] = form::Choice{error_names}.schema();
    return {{"type", "object"},
            {"propertyNames", {{"$ref", "#/$defs/kind"}}},
            {"additionalProperties", form.template schema<T>(definitions)}};
  }
};
template <class Form, class T>
ByErrorKind(Form, T ErrorTally::*) -> ByErrorKind<Form, T>;

struct ByStatus {
  form::Json write(const std::map<unsigned, std::uint64_t>& counts) const {
    form::Json json = form::Json::object();
    for (const auto& [status, times] : counts)
      json[std::to_string(status)] = times;
    return json;
  }
  void read(const JsonPlace& place, std::map<unsigned, std::uint64_t>& counts) const {
    for (const auto& [name, times] : place.members()) {
      unsigned status = 0;
      const char* const end = name.data() + name.size();
      if (std::from_chars(name.data(), end, status).ptr != end) return times.refuse("is no status");
      counts[status] = times.count();
    }
  }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "object"},
            {"propertyNames", {{"pattern", "^[0-9]{1,3}$"}}},
            {"additionalProperties", form::Count{1}.schema()}};
  }
};

/// The exact sums of a split by class, of the classes that have any.
struct SplitClasses {
  form::Json write(const SplitTally::Sums& sums) const {
    form::Json classes = form::Json::array();
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (sums[i].count > 0) classes.push_back({{"class", i}, {"requests", sums[i].count}, {"sum_ns", sums[i].sum_ns}});
    }
    return classes;
  }
  void read(const JsonPlace& list, SplitTally::Sums& sums) const {
    for (const JsonPlace& place : list.items()) {
      const std::uint64_t index = place["class"].count();
      const auto parts = place["sum_ns"].items();
      if (index >= sums.size() || parts.size() != part_names.size())
        return place.refuse("is no class of response times");
      sums[index].count = place["requests"].count();
      std::ranges::transform(parts, sums[index].sum_ns.begin(), [](const auto& part) { return part.count(); });
    }
  }
  template <class>
  form::Json schema(form::Json&) const {
    form::Json properties = {{"class", form::Count{.most = SplitTally::classes - 1}.schema()},
                             {"requests", form::Count{1}.schema()},
                             {"sum_ns",
                              {{"type", "array"},
                               {"items", form::count.schema()},
                               {"minItems", part_names.size()},
                               {"maxItems", part_names.size()}}}};
    properties["class"]["description"] = "The response time, by a quarter of an octave: 4 * log2 of nanoseconds.";
    properties["sum_ns"]["description"] = "Of client queue, connect, server queue, backend, handler and transfer.";
    return {{"type", "array"},
            {"items",
             {{"type", "object"},
              {"additionalProperties", false},
              {"required", {"class", "requests", "sum_ns"}},
              {"properties", std::move(properties)}}}};
  }
};

void fields(auto& visit, Of<SplitTally> auto& split) {
  constexpr form::Nullable<form::Object> parts;
  const auto told = [&](SplitMean mean) { return split.count() > 0 ? std::optional(mean) : std::nullopt; };
  SplitTally::Sums sums = split.sums();
  std::uint64_t told_by_server = split.told_by_server();
  visit.type(
      "split",
      "Where the response times of good answers went: of completed requests whose response was what was wanted.");
  visit.derived("requests", form::count, [&] { return split.count(); });
  visit("told_by_server", form::count, told_by_server, "How many of them came with a Server-Timing header.");
  visit.derived("all", parts, [&] { return told(split.all()); });
  visit.derived(
      "slowest", parts, [&] { return told(split.slowest(slowest_share)); },
      "The slowest 1 %, and as many more as their class of response times holds.");
  visit("classes", SplitClasses{}, sums, "The exact sums, for merging.");
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(split)>>) split = {sums, told_by_server};
}

/// These members are younger than their schema's version: without them, all unwanted answers are taken to have come
/// within the window, and their times not to have been kept apart.
inline void hold_unwanted(const JsonPlace& place, LoadRecord& record) {
  const JsonPlace rates = place["rate"];
  if (!rates.has("unwanted_in_window"))
    record.unwanted_in_window = std::min(record.unwanted_count(), record.completed_in_window);
  if (record.unwanted_in_window > record.completed_in_window)
    rates["unwanted_in_window"].refuse("must not be above completed_in_window");
  if (record.unwanted_response_time && !record.response_time.values.includes(*record.unwanted_response_time))
    place["histograms"]["unwanted_response_time"].refuse("must hold no more than response_time");
}

void rate_fields(auto& visit, auto& record, const auto& of_load) {
  visit.type("rates", "Per second of the window.");
  of_load(visit);
  visit("completed_in_window", form::count, record.completed_in_window, "The responses that `achieved` counts.");
  visit("second_half", form::object, record.second_half,
        "Of the window as it was planned: a server that keeps up completes as many as are due.");
  const bool any = record.unwanted_in_window > 0 || record.unwanted_count() > 0;
  auto unwanted = any ? std::optional(record.unwanted_in_window) : std::nullopt;
  visit.optional("unwanted_in_window", form::count, unwanted,
                 "Of these, the ones that were not what was wanted, such as error statuses. Missing where there were "
                 "none, and in older results.");
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(record)>>)
    record.unwanted_in_window = unwanted.value_or(0);
}

void lag_fields(auto& visit, const HdrHistogram& lag) {
  visit.type("lag");
  quantile_fields(visit, Room::little, form::time_or_null,
                  [&](const Quantile& quantile, std::size_t) { return percentile(lag, quantile.share).value; });
  visit.derived("max", form::time_or_null, [&] { return lag.count() > 0 ? MaybeTime(lag.max()) : std::nullopt; });
}

void histogram_fields(auto& visit, auto& record) {
  visit.type("histograms");
  visit("response_time", HistogramForm{}, record.response_time.values);
  visit("service_time", HistogramForm{}, record.service_time.values);
  visit("schedule_lag", HistogramForm{}, record.schedule_lag);
  visit.optional("unwanted_response_time", HistogramForm{}, record.unwanted_response_time,
                 "Of the response times, those of answers that were not what was wanted, such as error statuses. "
                 "Missing where there were none, and in older results.");
}

/// What a run and a step of one have in common. `of_rate` and `of_connections` visit what each has besides.
void record_fields(auto& visit, auto& record, const auto& of_rate, const auto& of_connections) {
  visit("requests", form::object, record.requests);
  visit("longest_unfinished_us", TimeUnless{std::chrono::nanoseconds::zero()}, record.longest_unfinished,
        "How long the oldest of the unfinished requests had been waited for; null if there are none.");
  visit("errors", ByErrorKind{form::Count{1}, &ErrorTally::count}, record.errors,
        "How often each kind of error happened; those that did not are left out.");
  visit("error_examples", ByErrorKind{form::text, &ErrorTally::example}, record.errors,
        "What the first error of each kind said.");
  visit("statuses", ByStatus{}, record.statuses, "How many responses came with each status.");
  visit.younger("nagle_stalls", form::count, record.nagle_stalls,
                "Short responses whose last bytes came about 40 ms after their first, as where the server's Nagle "
                "algorithm waits for a delayed acknowledgement.");
  visit.group("connections", [&](auto& connections) {
    connections("waited", form::count, record.waited_for_connection,
                "Requests held back because the connection cap was reached.");
    of_connections(connections);
  });
  visit.group("rate", [&](auto& rates) { rate_fields(rates, record, of_rate); });
  visit("response_time_us", form::object, record.response_time, "From the intended start of a request to its end.");
  visit("service_time_us", form::object, record.service_time, "From its send to its end.");
  visit.group(
      "schedule_lag_us", [&](auto& lag) { lag_fields(lag, record.schedule_lag); },
      "From its intended start to its send; null figures for a closed loop.");
  visit.group("histograms", [&](auto& histograms) { histogram_fields(histograms, record); });
  visit("split", form::object, record.split);
  visit.check([&](const auto& place) { hold_unwanted(place, record); });
}

/// `offered`: of a step it follows from other members, and what is read of it is dropped.
void rates_of(auto& visit, auto&& offered, double due, double achieved) {
  visit("offered", form::amount_or_null, offered, "Null for a closed loop.");
  visit.derived_younger(
      "due", form::amount, [&] { return due; },
      "Requests whose turn came: what chance, or a closed loop, made of the offered rate.");
  visit.derived("achieved", form::amount, [&] { return achieved; });
}

}  // namespace waitlab::client
