#include "client/commands/advise_report.hpp"

#include "client/advice/advice_text.hpp"
#include "common/json/fields.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

constexpr int advice_schema_version = 1;
constexpr std::array<std::string_view, 5> outcome_words{"use", "hold_misses", "backend_full", "backend_slow",
                                                        "cpus_too_few"};
constexpr form::Nullable positive_or_null{form::Number{.above = 0}};
constexpr form::Nullable held_or_null{form::flag};

/// In microseconds, as all times in JSON.
double in_microseconds(Seconds time) {
  return time.count() * 1e6;
}

std::optional<double> in_microseconds(const std::optional<Seconds>& time) {
  return time ? std::optional(in_microseconds(*time)) : std::nullopt;
}

/// Infinity is no number of JSON.
std::optional<double> finite(double number) {
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<std::string> strategy_of(const Advice& advice) {
  return advice.kind ? std::optional(advice.strategy(*advice.kind).name) : std::nullopt;
}

std::optional<std::uint64_t> size_of(const Advice& advice) {
  return advice.size > 0 ? std::optional<std::uint64_t>(advice.size) : std::nullopt;
}

std::vector<std::string> settings_told(const Advice& advice) {
  return advice.kind ? settings_of(advice.strategy(*advice.kind), advice.size) : std::vector<std::string>();
}

}  // namespace

void fields(auto& visit, Of<AdviceReason> auto& reason) {
  visit.type("reason", "A step of the reasoning.");
  visit.derived("about", form::text, [&] { return reason.about; });
  visit.derived("text", form::text, [&] { return reason.text; });
}

void fields(auto& visit, Of<SizedPool> auto& pool) {
  visit.type("pool", "A size, and the response time of the SLO with it.");
  visit.derived("threads", form::count, [&] { return std::uint64_t(pool.threads); });
  visit.derived(
      "response_us", form::amount_or_null, [&] { return in_microseconds(pool.figure); },
      "Null if it does not keep up with the rate.");
}

void fields(auto& visit, Of<AdviceLoad> auto& load) {
  visit.type("advised_load", "What was asked.");
  visit.derived(
      "rate", form::Number{.above = 0}, [&] { return load.rate; }, "Per second.");
  visit.derived(
      "hold", form::text, [&] { return load.hold.text(); }, "The distribution of the holds.");
  visit.derived("hold_mean_us", form::amount, [&] { return in_microseconds(load.hold.mean()); });
  visit.derived(
      "hold_scv", form::amount_or_null, [&] { return finite(load.hold.scv()); },
      "Squared coefficient of variation; null: infinite.");
  visit.derived("slo", form::text, [&] { return load.slo; });
  visit.derived(
      "backend_concurrency", form::count_or_null,
      [&] { return load.backend_concurrency ? std::optional<std::uint64_t>(*load.backend_concurrency) : std::nullopt; },
      "Null: no cap.");
  visit.derived(
      "cpu_per_request_us", positive_or_null, [&] { return in_microseconds(load.cpu_per_request); },
      "Null: as measured of bare waits.");
  visit.derived("cpus", form::Number{.above = 0}, [&] { return load.cpus; });
}

void fields(auto& visit, Of<TriedServer> auto& server) {
  visit.type("tried", "A server that was run, all valid runs together.");
  visit.derived("name", form::text, [&] { return server.name; });
  visit.derived("advised", form::flag, [&] { return server.advised; });
  visit.derived("valid_runs", form::count, [&] { return std::uint64_t(server.runs); });
  visit.derived("response_us", form::time_or_null, [&] { return server.figure.value; });
  visit.derived(
      "at_least", form::flag, [&] { return server.figure.at_least; }, "Whether that is only a lower bound.");
  visit.derived(
      "low_us", form::time_or_null, [&] { return server.figure.low; }, "Of its 95 % interval.");
  visit.derived("high_us", form::time_or_null, [&] { return server.figure.high; });
  visit.derived("met", form::flag, [&] { return server.met; });
  visit.derived(
      "miss", form::text_or_null, [&] { return server.miss; }, "The first condition that it missed.");
}

void fields(auto& visit, Of<Verification> auto& verification) {
  visit.type("verification", "What came of running it.");
  visit.derived(
      "held", held_or_null, [&] { return verification.known() ? std::optional(verification.held()) : std::nullopt; },
      "Null: no run of it is valid.");
  visit.derived("sentence", form::text, [&] { return verification.sentence; });
  visit.derived(
      "servers", form::ListOf{form::object, 1}, [&] { return verification.servers; }, "The advised one first.");
}

void fields(auto& visit, Of<AdviseReport> auto& report) {
  const Advice& advice = report.advice;
  visit.derived("schema_version", form::Constant{advice_schema_version}, [] { return advice_schema_version; });
  visit.derived("command", form::text, [&] { return report.command; });
  visit.derived("load", form::object, [&] { return advice.load; });
  visit.derived(
      "outcome", form::Choice{outcome_words}, [&] { return advice.outcome; }, "use, or why no strategy meets the SLO.");
  visit.derived("strategy", form::Nullable{form::text}, [&] { return strategy_of(advice); });
  visit.derived(
      "size", form::count_or_null, [&] { return size_of(advice); }, "Threads or loops; null: it has no size.");
  visit.derived(
      "settings", form::texts, [&] { return settings_told(advice); }, "For waitlab-server --set.");
  visit.derived("headline", form::text, [&] { return headline(advice); });
  visit.derived("reasons", form::ListOf{form::object, 6, 6}, [&] { return reasons(advice); });
  visit.derived("unknown", form::texts, [&] { return unknowns(advice); });
  visit.derived(
      "hold_alone_us", form::amount, [&] { return in_microseconds(advice.hold_figure); },
      "The SLO's figure of the holds alone.");
  visit.derived(
      "waiting", form::amount, [&] { return advice.waiting; }, "Requests waiting on average.");
  visit.derived(
      "keeps_up", form::count, [&] { return std::uint64_t(advice.keeps_up); }, "The smallest stable pool.");
  visit.derived(
      "pool", form::Nullable{form::object}, [&] { return advice.meets; }, "The smallest pool that meets the SLO.");
  visit.derived(
      "smaller_pool", form::Nullable{form::object}, [&] { return advice.smaller; }, "With one thread less.");
  visit.derived("goetz_threads", form::amount, [&] { return advice.goetz; });
  visit.derived(
      "backend_rate", positive_or_null, [&] { return advice.backend_rate; }, "What a capped backend carries.");
  visit.derived(
      "backend_us", form::amount_or_null, [&] { return in_microseconds(advice.backend_figure); },
      "The SLO's figure behind its queue.");
  visit.derived("verification", form::Nullable{form::object}, [&] { return report.verification; });
}

form::Json to_json(const AdviseReport& report) {
  return form::object.write(report);
}

std::string advice_schema() {
  return schema_of<AdviseReport>("Advice of waitlab-client advise");
}

}  // namespace waitlab::client
