#include "client/check/check.hpp"

#include "client/check/free_laws.hpp"
#include "client/check/pool_laws.hpp"
#include "client/check/stays.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {

Finding judged(Finding finding, const std::optional<std::string>& why_not) {
  if (why_not) {
    finding.verdict = FindingVerdict::not_judged;
    finding.why = *why_not;
  } else {
    finding.verdict = finding.tolerance->holds(*finding.measured) ? FindingVerdict::agrees : FindingVerdict::differs;
  }
  return finding;
}

namespace {

/// What is known of the strategy that served a run.
struct KnownStrategy {
  std::optional<StrategyFacts> facts;
  std::string why_not;  ///< they are not known, though its name is; else empty

  bool is_pool() const { return facts && facts->is_pool(); }
};

KnownStrategy strategy_of(const CheckSubject& subject, const RunLogs& logs, const AskFacts& ask) {
  if (subject.facts) return {.facts = subject.facts, .why_not = {}};
  if (logs.facts) return {.facts = logs.facts, .why_not = {}};
  if (logs.strategy.empty()) return {};
  const auto asked = ask(logs.strategy);
  if (!asked) return {.facts = {}, .why_not = asked.error().message};
  return {.facts = *asked, .why_not = {}};
}

/// Of a pool. What its own log says is true; facts that were asked for are those of its default size.
std::optional<unsigned> threads_of(const CheckSubject& subject, const RunLogs& logs) {
  return logs.facts ? std::optional<unsigned>(logs.facts->workers) : subject.threads;
}

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(findings));
}

std::string setting_text(const RunLogs& logs, const KnownStrategy& known, const std::optional<PoolLoad>& pool) {
  const std::string strategy = logs.strategy.empty() ? "strategy not known" : logs.strategy;
  if (!pool) return fmt::format("{}, {:.1f} requests/s", strategy, logs.rate());
  return fmt::format("{} of {}, {:.1f} requests/s, mean hold {:.2f} ms, utilisation {:.2f}", strategy,
                     counted_workers(pool->threads, known.facts->worker), pool->rate, pool->mean_hold.count() * 1e3,
                     pool->utilisation());
}

/// What the server and the ways to it take besides the backend's hold.
std::optional<std::string> overhead_note(const RunLogs& logs) {
  std::vector<double> overheads;
  for (const CheckedRequest& request : logs.requests) {
    if (logs.has_server && request.served && request.hold)
      overheads.push_back(Seconds(request.stay.hold() - *request.hold).count() * 1e3);
  }
  if (overheads.empty()) return std::nullopt;
  return fmt::format("Beyond the backend's hold, the server had a request for {:.2f} ms at p50 and {:.2f} ms at p99.",
                     quantile(overheads, 0.5), quantile(overheads, 0.99));
}

/// One run alone may stray as the help says.
std::optional<std::string> together_note(const SimulationPlan& plan) {
  if (plan.share <= SimulationPlan().share) return std::nullopt;
  return fmt::format(
      "Of runs that are checked together, each may stray as far as {:.2f} % of {} simulated runs do: so all of them, "
      "if "
      "honest, agree 95 times in 100.",
      plan.share * 100, plan.runs);
}

std::vector<std::string> notes(const CheckSubject& subject, const RunLogs& logs, const KnownStrategy& known,
                               const SimulationPlan& plan) {
  std::vector<std::string> notes;
  if (const auto overhead = overhead_note(logs)) notes.push_back(*overhead);
  if (const auto together = together_note(plan)) notes.push_back(*together);
  if (!logs.has_server) {
    notes.emplace_back(
        "For Little and replay, start the server with telemetry.request_log set to a file and give it "
        "with --server-log.");
  }
  if (!logs.has_backend) {
    notes.emplace_back(
        "To tell the backend's part, set its profile.hold_log to a file and give it with "
        "--backend-log.");
  }
  if (!known.facts && logs.strategy.empty()) notes.emplace_back("Say with --strategy which strategy served the run.");
  if (!known.why_not.empty())
    notes.push_back(fmt::format("What strategy {} is cannot be told: {}.", logs.strategy, known.why_not));
  if (known.is_pool() && !threads_of(subject, logs))
    notes.emplace_back("Say with --threads how many threads the pool had.");
  return notes;
}

}  // namespace

FindingVerdict CheckReport::verdict() const {
  const auto any = [this](FindingVerdict verdict) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const auto& finding) { return finding.verdict == verdict; });
  };
  if (any(FindingVerdict::differs)) return FindingVerdict::differs;
  return any(FindingVerdict::agrees) ? FindingVerdict::agrees : FindingVerdict::not_judged;
}

CheckReport check_run(const CheckSubject& subject, const SimulationPlan& plan, const AskFacts& ask) {
  const RunLogs logs = read_run_logs(subject);
  const Conditions conditions = find_conditions(subject.load, logs);
  const KnownStrategy known = strategy_of(subject, logs, ask);
  const auto threads = threads_of(subject, logs);
  const auto pool = known.is_pool() && threads ? pool_load(logs, *threads) : std::nullopt;
  CheckReport report{
      .name = subject.name, .setting = setting_text(logs, known, pool), .notes = notes(subject, logs, known, plan)};
  for (const Condition* condition : conditions.all())
    report.conditions.push_back(*condition);
  report.findings.push_back(check_little(subject.load, logs, conditions));
  if (pool) {
    append(report.findings, check_replay(logs, *pool, conditions));
    append(report.findings, check_erlang(subject.load, logs, *pool, conditions, plan));
  } else if (known.is_pool()) {
    report.findings.push_back(judged({.law = "Erlang-C", .figure = "mean response"},
                                     threads ? "no log tells of its requests" : "the pool's threads are not known"));
  } else if (known.facts) {
    append(report.findings, check_free(subject.load, logs, conditions, plan));
  }
  return report;
}

}  // namespace waitlab::client
