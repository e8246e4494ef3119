#include "client/advice/advice_text.hpp"

#include "client/stats/time_text.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr std::size_t label_columns = 11;

std::string seconds_text(Seconds time) {
  constexpr double longest = 9e9;  // beyond, it is no count of nanoseconds
  if (time.count() > longest) return "centuries";
  return short_time(std::chrono::nanoseconds(std::llround(time.count() * 1e9)));
}

std::string figure_text(const Advice& advice, const std::optional<Seconds>& figure) {
  return figure ? fmt::format("{} {}", goal_label(advice.load.goal), seconds_text(*figure)) : "falls behind";
}

std::string per_second_text(double rate) {
  return fmt::format("{:.6g}/s", rate);
}

std::string kib_text(double kib) {
  constexpr double kib_in_mib = 1024;
  return kib < kib_in_mib ? fmt::format("{:.3g} KiB", kib) : fmt::format("{:.4g} MiB", kib / kib_in_mib);
}

std::string threads_text(unsigned threads) {
  return fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
}

/// A pool this busy has next to nothing to spare.
constexpr double hardly_idle = 0.9;

/// Where a request waits for no thread: of the hold, or behind the backend's own queue.
Seconds unqueued_figure(const Advice& advice) {
  return advice.backend_figure.value_or(advice.hold_figure);
}

std::string hold_text(const Advice& advice) {
  const std::string alone = fmt::format("{}: {} where nothing queues (M/G/∞)", advice.load.hold.text(),
                                        figure_text(advice, advice.hold_figure));
  const std::string limit = seconds_text(advice.load.goal.limit);
  if (advice.outcome == AdviceOutcome::hold_misses)
    return fmt::format("{}. The limit is {}: neither threads nor async shorten a hold.", alone, limit);
  return fmt::format("{}, within the limit of {}.", alone, limit);
}

std::string load_text(const Advice& advice) {
  const double most = std::ceil(advice.most_waiting);
  return fmt::format(
      "{} × {} = {:.3g} waiting on average (Little), up to {:.0f} in 99.9 % of all moments: {} on a loop, {} "
      "in threads.",
      per_second_text(advice.load.rate), seconds_text(advice.load.hold.mean()), advice.waiting, most,
      kib_text(most * measured_cost(WaitKind::loop).memory_kib),
      kib_text(most * measured_cost(WaitKind::pool).memory_kib));
}

/// Why a pool that would meet the SLO is not advised; empty if it is, or if nothing is.
std::string against_pool(const Advice& advice) {
  if (!advice.kind || *advice.kind == WaitKind::pool || !advice.meets) return "";
  if (advice.meets->threads > most_pool_threads)
    return fmt::format(" More than {} threads are not advised: a loop needs none of them.", most_pool_threads);
  if (advice.meets->threads > advice.load.thread_limit / 2)
    return fmt::format(" That is more than half of the {} threads allowed here.", advice.load.thread_limit);
  if (advice.load.hold.scv() >= heavy_scv)
    return fmt::format(" Not advised: with a squared coefficient of variation of {:.3g}, a few long holds decide.",
                       advice.load.hold.scv());
  return fmt::format(" Threads take {:.2g} of {:.3g} CPUs, more than {:.0f} %.", advice.cpus_needed(WaitKind::pool),
                     advice.load.cpus, 100 * busiest_share);
}

std::string pool_text(const Advice& advice) {
  const std::string least =
      fmt::format("{} merely keep{} up with the rate.", threads_text(advice.keeps_up), advice.keeps_up == 1 ? "s" : "");
  if (!std::isfinite(advice.load.hold.scv()))
    return fmt::format("The variance of these holds is infinite, so no formula gives a size. {}", least);
  if (!advice.meets)
    return fmt::format("No pool of up to {} threads meets {}. {}", largest_pool, advice.load.slo, least);
  const std::string law = advice.load.hold.is_exponential() ? "Erlang-C" : "Erlang-C and Allen–Cunneen, approximately";
  std::string text =
      fmt::format("{}: {} ({})", threads_text(advice.meets->threads), figure_text(advice, advice.meets->figure), law);
  if (advice.smaller)
    text += fmt::format("; {}: {}", advice.smaller->threads, figure_text(advice, advice.smaller->figure));
  text += fmt::format(". {}", least);
  if (advice.kind == WaitKind::pool) {
    if (const double busy = advice.waiting / advice.size; busy > hardly_idle)
      text += fmt::format(" At {:.0f} % busy it falls behind if a little more arrives: threads to spare are cheap.",
                          100 * busy);
    text += fmt::format(" {} needs no size, and comes to {}.", advice.strategy(WaitKind::loop).name,
                        seconds_text(unqueued_figure(advice)));
  }
  return text + against_pool(advice);
}

std::string goetz_text(const Advice& advice) {
  return fmt::format(
      "{:.3g} CPUs × {} × (1 + {} / {}) = {:.0f} threads keep the CPUs {:.0f} % busy: where more of them gain no "
      "throughput, which says nothing of response times.",
      advice.load.cpus, busiest_share, seconds_text(advice.load.hold.mean()),
      seconds_text(advice.cpu_time(WaitKind::pool)), advice.goetz, 100 * busiest_share);
}

std::string cpu_text(const Advice& advice) {
  const auto takes = [&](WaitKind kind) {
    return fmt::format("{} = {:.2g}", seconds_text(advice.cpu_time(kind)), advice.cpus_needed(kind));
  };
  std::string text = fmt::format("{} × {}", per_second_text(advice.load.rate), takes(WaitKind::loop));
  if (!advice.load.cpu_per_request)
    text += fmt::format(" CPUs on a loop, × {} in threads, by docs/strategies.md;", takes(WaitKind::pool));
  else
    text += " CPUs;";
  text += fmt::format(" there are {:.3g}, to be at most {:.0f} % busy.", advice.load.cpus, 100 * busiest_share);
  if (advice.kind == WaitKind::loop_with_pool)
    text +=
        fmt::format(" A request keeps its CPU for more than {:.0f} % of the limit: on a loop all others would wait.",
                    100 * long_stretch_share);
  if (advice.kind == WaitKind::loops) text += " One loop has one CPU.";
  return text;
}

std::string backend_text(const Advice& advice) {
  if (!advice.backend_rate) return "No cap given. With one, its queue would be everybody's, async or not.";
  const unsigned cap = *advice.load.backend_concurrency;
  std::string text = fmt::format("{} at once carry {}", cap, per_second_text(*advice.backend_rate));
  if (advice.backend_figure)
    text += fmt::format("; with its own queue {} at best (M/G/{})", figure_text(advice, advice.backend_figure), cap);
  return text + ". Async moves that queue; it adds no capacity.";
}

std::string no_strategy_text(const Advice& advice) {
  const std::string none = fmt::format("No strategy meets {}", advice.load.slo);
  const std::string rate = per_second_text(advice.load.rate);
  switch (advice.outcome) {
    case AdviceOutcome::hold_misses:
      return fmt::format("{}: the holds alone have {}.", none, figure_text(advice, advice.hold_figure));
    case AdviceOutcome::backend_full:
      return fmt::format("{} at {}, and no size: the backend can carry {}.", none, rate,
                         per_second_text(*advice.backend_rate));
    case AdviceOutcome::backend_slow:
      return fmt::format("{} at {}: behind {} at once, the backend's own queue makes it {}{}.", none, rate,
                         *advice.load.backend_concurrency, figure_text(advice, advice.backend_figure),
                         advice.meets ? fmt::format("; it would have to serve {}", advice.meets->threads) : "");
    default:
      return fmt::format("{} on {:.3g} CPUs: {} take {:.2g}.", none, advice.load.cpus, rate,
                         advice.cpus_needed(WaitKind::loop));
  }
}

/// What a config file says of it: {"strategy": "…", "strategies": {…}}.
std::string config_text(const Advice& advice) {
  const NamedStrategy& advised = advice.strategy(*advice.kind);
  nlohmann::ordered_json config{{"strategy", advised.name}};
  if (std::string place = "/" + advised.facts.size_key; place.size() > 1) {
    std::ranges::replace(place, '.', '/');
    config[nlohmann::ordered_json::json_pointer(place)] = advice.size;
  }
  return config.dump();
}

std::string labelled_line(std::string_view label, std::string_view text) {
  return fmt::format("{:<{}}", label, label_columns) + wrap(text, terminal_columns, label_columns);
}

}  // namespace

std::string goal_label(const ResponseGoal& goal) {
  return goal.quantile ? fmt::format("p{:g}", 100 * *goal.quantile) : "mean";
}

std::string size_text(const Advice& advice) {
  const std::string_view noun = measured_cost(*advice.kind).size_of;
  if (noun.empty()) return "";
  return fmt::format("{} {}", advice.size, advice.size == 1 ? noun.substr(0, noun.size() - 1) : noun);
}

std::string headline(const Advice& advice) {
  if (!advice.kind) return no_strategy_text(advice);
  const std::string size = size_text(advice);
  return fmt::format("Use {}{}{}.", advice.strategy(*advice.kind).name, size.empty() ? "" : " with ", size);
}

std::vector<AdviceReason> reasons(const Advice& advice) {
  return {{"Hold", hold_text(advice)},   {"Load", load_text(advice)}, {"Pool", pool_text(advice)},
          {"Goetz", goetz_text(advice)}, {"CPU", cpu_text(advice)},   {"Backend", backend_text(advice)}};
}

std::vector<std::string> unknowns(const Advice& advice) {
  std::vector<std::string> sentences{
      "Arrivals that come in bursts need more; these are taken to be Poisson.",
      "Holds that grow with the load, or that are slow together; each is taken to be independent.",
      "What queues for a CPU: only how busy the CPUs are is looked at."};
  if (!advice.load.cpu_per_request)
    sentences.emplace_back(
        "What a request computes: the CPU figures are of bare waits on another machine; give yours by "
        "--cpu-per-request.");
  if (!advice.load.hold.is_exponential())
    sentences.emplace_back(
        "The wait for a thread where holds are not exponential: the approximation is some 20 % off at half load, 5 % "
        "close to full.");
  return sentences;
}

std::vector<std::string> settings_of(const NamedStrategy& strategy, unsigned size) {
  std::vector<std::string> words{fmt::format("strategy={}", strategy.name)};
  const std::string& key = strategy.facts.size_key;
  if (!key.empty()) words.push_back(fmt::format("{}={}", key, size));
  return words;
}

std::string advice_text(const Advice& advice, const std::string& command) {
  std::string text = wrap(headline(advice), terminal_columns) + "\n";
  for (const AdviceReason& reason : reasons(advice))
    text += labelled_line(reason.about, reason.text);
  text += "\nWhat this does not know\n";
  for (const std::string& unknown : unknowns(advice))
    text += "- " + wrap(unknown, terminal_columns, 2);
  if (!advice.kind) return text;
  return text + "\n" + labelled_line("Config", config_text(advice)) + labelled_line("Try it", command + " --verify");
}

}  // namespace waitlab::client
