#include "client/commands/advise_verification.hpp"

#include "client/advice/advice_text.hpp"
#include "client/judge/threshold.hpp"
#include "client/report/result_merge.hpp"
#include "client/stats/time_text.hpp"
#include "common/config/units.hpp"
#include "common/delay/delay_profile.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

/// Of client and backend together, roughly, so that what is hopeless is not begun.
constexpr double cpu_of_driving_us = 60;
constexpr double fullest_cpus = 0.9;
/// The experiment's connections are 4096; each waiting request takes one.
constexpr double most_tried_waiting = 4000;

/// A strategy and its size; 0: it has none.
struct Trial {
  WaitKind kind;
  unsigned size;
};

std::vector<Trial> trials(const Advice& advice) {
  const WaitKind kind = *advice.kind;
  std::vector<Trial> all{{kind, advice.size}};
  if (advice.size > 1) all.push_back({kind, advice.size - 1});
  if (kind == WaitKind::pool || kind == WaitKind::loop_with_pool) all.push_back({WaitKind::loop, 0});
  const bool has_pool = advice.meets && advice.meets->threads <= advice.load.thread_limit / 2;
  if (kind == WaitKind::loop && has_pool) all.push_back({WaitKind::pool, advice.meets->threads});
  return all;
}

Json target_of(const NamedStrategy& strategy, unsigned size) {
  const std::string& key = strategy.facts.size_key;
  Json settings{{"strategy", strategy.name}};
  if (!key.empty()) settings[key] = size;
  return {{"name", key.empty() ? strategy.name : fmt::format("{}-{}", strategy.name, size)}, {"server", settings}};
}

Json targets_of(const Advice& advice) {
  Json targets = Json::array();
  for (const Trial& trial : trials(advice))
    targets.push_back(target_of(advice.strategy(trial.kind), trial.size));
  return targets;
}

/// The delay's keys that differ from the defaults, and its distribution.
Json profile_of(const AdviceLoad& load) {
  DelayProfile profile;
  const auto plain = delay_profile_settings(profile, "");
  profile.delay = load.hold.delay();
  if (!profile.delay.file.empty()) profile.delay.file = std::filesystem::absolute(profile.delay.file).string();
  profile.concurrency = load.backend_concurrency.value_or(0);
  Json json = Json::object();
  json["delay"]["distribution"] = profile.delay.distribution;
  for (const std::string& word : delay_profile_settings(profile, "")) {
    if (std::ranges::find(plain, word) != plain.end()) continue;
    std::string key = "/" + word.substr(0, word.find('='));
    std::ranges::replace(key, '.', '/');
    json[Json::json_pointer(key)] = Json::parse(word.substr(word.find('=') + 1));
  }
  return json;
}

/// For so many requests beyond the percentile, within these bounds.
std::string duration_for(const AdviceLoad& load, double beyond, double least, double most) {
  constexpr double enough_for_a_mean = 0.97;
  const double requests = beyond / (1 - load.goal.quantile.value_or(enough_for_a_mean));
  return fmt::format("{:.0f}s", std::clamp(std::ceil(requests / load.rate), least, most));
}

/// What a request computes beyond what any wait costs is work of its own.
std::string path_of(const AdviceLoad& load) {
  const Seconds bare(measured_cost(WaitKind::loop).cpu_us * 1e-6);
  const Seconds work = load.cpu_per_request.value_or(bare) - bare;
  const auto whole_us = std::chrono::microseconds(std::llround(work.count() * 1e6));
  return whole_us.count() > 0 ? "/mix?work=" + format_duration(whole_us) : "/wait";
}

Json load_of(const AdviceLoad& load) {
  constexpr double patience_in_limits = 4;
  const double timeout = std::clamp(std::ceil(patience_in_limits * load.goal.limit.count()), 5.0, 600.0);
  return {{"path", path_of(load)},
          {"rates", Json::array({load.rate})},
          {"duration", duration_for(load, 30, 5, 60)},
          {"warmup", "1s"},
          {"timeout", fmt::format("{:.0f}s", timeout)},
          {"seed", 42}};
}

std::string found_text(const Advice& advice, const TriedServer& server) {
  std::string text = fmt::format("{} {}", goal_label(advice.load.goal), short_time(server.figure));
  const std::string interval = interval_text(server.figure);
  return interval.empty() ? text : fmt::format("{} (95 %: {})", text, interval);
}

std::string close_text(const TriedServer& server) {
  return server.close ? " The limit lies in that interval: another run may find otherwise." : "";
}

std::string others_text(const Advice& advice, const TriedServer& server) {
  if (server.runs == 0) return fmt::format(" {} has no valid run.", server.name);
  return fmt::format(" {} {}: {}.", server.name, server.met ? "met it as well" : "missed it",
                     found_text(advice, server));
}

std::string sentence_of(const Advice& advice, const Verification& verification) {
  const TriedServer& advised = verification.servers.front();
  if (advised.runs == 0)
    return fmt::format("Whether the advice holds is not known: {} has no valid run.", advised.name);
  std::string text = advised.met ? fmt::format("The advice held: {} answered with {}, within {}.", advised.name,
                                               found_text(advice, advised), advice.load.slo)
                                 : fmt::format("The advice did not hold: {} answered with {}; missed: {}.",
                                               advised.name, found_text(advice, advised), advised.miss);
  text += close_text(advised);
  for (const TriedServer& other : verification.servers)
    if (!other.advised) text += others_text(advice, other);
  return text;
}

TimeFigure figure_of(const ResponseGoal& goal, const CensoredHistogram& times) {
  return goal.quantile ? percentile(times, *goal.quantile) : summarize(times).mean;
}

TriedServer tried(const Advice& advice, const ExperimentResult& result, std::size_t target) {
  TriedServer server{.name = result.targets[target].name, .advised = target == 0};
  std::vector<LoadResult> runs;
  for (const ExperimentRun& run : result.runs)
    if (run.target == target && run.load.valid()) runs.push_back(run.load);
  server.runs = static_cast<unsigned>(runs.size());
  if (runs.empty()) return server;
  const LoadResult merged = merge_results(std::move(runs)).result;
  server.figure = figure_of(advice.load.goal, merged.record.response_time);
  for (const char* text : {advice.load.slo.c_str(), implied_threshold}) {
    const ThresholdOutcome outcome = hold_against(parse_threshold(text).value(), merged);
    if (!outcome.met && server.miss.empty()) server.miss = fmt::format("{}: {}", outcome.text, outcome.found);
  }
  server.met = server.miss.empty();
  server.close = is_close(parse_threshold(advice.load.slo).value(), merged);
  return server;
}

Failure too_few_cpus(const char* who, double needed, std::size_t cpus) {
  return Failure{
      fmt::format("--verify is not possible here: {} would need about {:.2g} CPUs and gets {}; the advice "
                  "stands untried",
                  who, needed, cpus)};
}

}  // namespace

Result<void> expect_verifiable(const Advice& advice, const Placement& placement) {
  const double served = advice.cpus_needed(*advice.kind);
  const double driven = advice.load.rate * cpu_of_driving_us * 1e-6;
  const auto is_too_much = [](double needed, std::size_t cpus) { return needed > fullest_cpus * double(cpus); };
  if (is_too_much(served, placement.server.size())) return too_few_cpus("the server", served, placement.server.size());
  if (is_too_much(driven, placement.client_and_backend.size()))
    return too_few_cpus("client and backend", driven, placement.client_and_backend.size());
  if (advice.most_waiting > most_tried_waiting)
    return Failure{
        fmt::format("--verify is not possible here: about {:.0f} requests would wait at once, and {:.0f} are "
                    "tried at most; the advice stands untried",
                    advice.most_waiting, most_tried_waiting)};
  return {};
}

std::string verification_experiment(const Advice& advice) {
  const AdviceLoad& load = advice.load;
  return Json{{"name", "advise"},
              {"title", "Does the advice hold?"},
              {"question", fmt::format("Theory says of {:.4g} requests a second: {} Does it meet {}, and does less?",
                                       load.rate, headline(advice), load.slo)},
              {"targets", targets_of(advice)},
              {"backend", {{"profile", profile_of(load)}}},
              {"load", load_of(load)},
              {"thresholds", Json::array({load.slo, implied_threshold})},
              {"repeats", 3},
              {"quick", {{"repeats", 1}, {"load", {{"duration", duration_for(load, 10, 2, 30)}}}}}}
      .dump(2);
}

Verification judge_verification(const Advice& advice, const ExperimentResult& result) {
  Verification verification;
  for (std::size_t target = 0; target < result.targets.size(); ++target)
    verification.servers.push_back(tried(advice, result, target));
  verification.sentence = sentence_of(advice, verification);
  return verification;
}

}  // namespace waitlab::client
