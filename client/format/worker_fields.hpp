#pragma once

#include "client/format/result_json.hpp"
#include "client/record/load_result.hpp"
#include "common/json/fields.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>

/// How the workers of a run stand in its result: the descriptions (common/json/fields.hpp) of their parts.
namespace waitlab::client {

/// A result inside a result.
struct ResultForm {
  form::Json write(const LoadResult& result) const { return to_json(result); }
  void read(const JsonPlace& place, LoadResult& result) const { result = read_result(place); }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"$ref", "#"}};
  }
};

/// A difference of clocks in microseconds, of either sign.
struct SignedTime {
  form::Json write(std::chrono::nanoseconds time) const { return static_cast<double>(time.count()) / 1e3; }
  void read(const JsonPlace& place, std::chrono::nanoseconds& time) const {
    time = std::chrono::nanoseconds(std::llround(std::clamp(place.number(), -1e15, 1e15) * 1e3));
  }
  template <class>
  form::Json schema(form::Json&) const {
    return form::number.schema();
  }
};

struct CountsByText {
  form::Json write(const std::map<std::string, std::uint64_t>& counts) const { return counts; }
  void read(const JsonPlace& place, std::map<std::string, std::uint64_t>& counts) const {
    for (const auto& [name, times] : place.members())
      counts[name] = times.count();
  }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "object"}, {"additionalProperties", form::Count{1}.schema()}};
  }
};

void fields(auto& visit, Of<WorkerClock> auto& clock) {
  visit("offset_us", SignedTime{}, clock.offset, "The worker's steady clock minus the collector's.");
  visit("uncertainty_us", form::in_us, clock.uncertainty,
        "The offset is at most so far from the truth: half of the smallest round trip.");
  visit("drift_us", form::Nullable{SignedTime{}}, clock.drift,
        "By how much the offset had changed when the run was over; null where that is not more than what is not known "
        "of it.");
}

void fields(auto& visit, Of<WorkerPart> auto& worker) {
  visit.type("worker", "A worker, and its part of the run.");
  visit("name", form::text, worker.name);
  visit("address", form::text, worker.address);
  visit("cpus", form::count, worker.cpus, "That it may use.");
  visit("clock", form::object, worker.clock);
  visit.group(
      "told_last",
      [&](auto& told) {
        told("sent", form::count, worker.sent);
        told("completed", form::count, worker.completed);
        told("errors", form::count, worker.errors);
        told("in_flight", form::count, worker.in_flight);
      },
      "Of all its requests, those of the warm-up included.");
  visit("lost_because", form::text_or_null, worker.lost_because, "Null for one whose result is here.");
  visit("result", form::Nullable{ResultForm{}}, worker.result, "Of its part alone; null if it was lost.");
}

void fields(auto& visit, Of<Gathering> auto& gathering) {
  visit.type("gathering", "How the workers of a run were gathered, and what that cost the collector.");
  visit("workers", form::count, gathering.workers, "How many were wanted.");
  visit("start_spread_us", form::in_us, gathering.start_spread,
        "The starts of any two workers lie no further apart, by their clocks.");
  visit("refused", CountsByText{}, gathering.refused,
        "Connections to the collector that had no part in the run, by why; since it listens.");
  visit("cpu_s", form::in_seconds, gathering.cpu_time, "CPU time of the collector from the start to the end.");
  visit("span_s", form::in_seconds, gathering.span, "From the start to the end.");
  visit("bytes_in", form::count, gathering.bytes_in, "That came of the workers meanwhile.");
}

}  // namespace waitlab::client
