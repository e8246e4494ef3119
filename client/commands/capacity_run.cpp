#include "client/commands/capacity_run.hpp"

#include "client/commands/terminal.hpp"
#include "client/engine/load_run.hpp"
#include "client/record/utc_now.hpp"
#include "common/process/standard_streams.hpp"
#include "common/splitmix64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds longest_rest = 30s;
constexpr nanoseconds pause = 100ms;

/// Single requests, one after the other: what the server takes while it has nothing else to do.
LoadOptions single_requests(LoadOptions load) {
  load.rate.reset();
  load.connections = 1;
  load.threads = 1;
  load.warmup = 0s;
  load.duration = 1s;
  load.requests = 50;
  return load;
}

/// The median service time of single requests; nothing if none completed.
Result<std::optional<nanoseconds>> median_of_single_requests(const LoadOptions& load) {
  const auto result = run_load(single_requests(load));
  if (!result) return result.error();
  if (result->record.requests.completed == 0) return std::optional<nanoseconds>();
  return std::optional(result->record.service_time.values.value_at(0.5));
}

/// About as fast as before: twice as long at most, or 1 ms longer where that is more.
bool at_rest(const std::optional<nanoseconds>& median, nanoseconds unloaded) {
  return median && *median <= unloaded + std::max<nanoseconds>(unloaded, 1ms);
}

/// A server may still work on what was given up long ago, which the next probe would have to pay for. Nothing where it
/// came to rest, or the search was stopped; else what it is like at the end.
std::optional<NotRecovered> await_rest(LoadOptions load, double rate, nanoseconds unloaded) {
  const auto until = std::chrono::steady_clock::now() + longest_rest;
  NotRecovered seen{.from = rate};
  while (!load.stop.stop_requested()) {
    load.seed = splitmix64(load.seed, 0);  // else each look would see the same holds
    const auto median = median_of_single_requests(load);
    if (median && at_rest(*median, unloaded)) return std::nullopt;
    seen.takes = median ? *median : std::nullopt;
    if (!median) std::this_thread::sleep_for(pause);  // it refuses at once: it may be starting again
    if (std::chrono::steady_clock::now() >= until) return seen;
  }
  return std::nullopt;
}

/// `length`: how many times as long as usual.
Result<Probe> make_probe(const CapacityArguments& arguments, LoadOptions load, double rate, unsigned length,
                         const SearchEvents& events) {
  load.rate = rate;
  load.warmup *= length;
  if (events.on_progress) {
    load.on_progress = [&events, rate](const LoadProgress& progress) { events.on_progress(rate, progress); };
  }
  load.duration = probe_time(arguments.probe, rate, arguments.thresholds) * length;
  auto result = run_load(load);
  if (!result) return result.error();
  Probe probe{.rate = rate, .result = std::move(*result), .outcome = {}};
  probe.outcome = judge_probe(probe.result, arguments.thresholds);
  return probe;
}

CapacityResult describe(const CapacityArguments& arguments) {
  CapacityResult found;
  found.url = arguments.load.url;
  found.command = arguments.load.command;
  found.started_at = utc_now();
  found.thresholds = texts_of(arguments.thresholds);
  found.implied_threshold = arguments.implied_threshold;
  return found;
}

}  // namespace

Result<CapacityResult> search_capacity(const CapacityArguments& arguments, const std::stop_token& stop,
                                       const SearchEvents& events) {
  LoadOptions load = arguments.load;
  load.stop = stop;
  load.on_detour = events.on_detour;
  CapacityResult found = describe(arguments);
  const auto unloaded = median_of_single_requests(load);
  if (!unloaded) return unloaded.error();
  found.unloaded = *unloaded;
  load.on_detour = nullptr;  // once is enough
  load.warmup = probe_warmup(load.warmup, found.unloaded);
  if (events.on_begin && !stop.stop_requested()) events.on_begin(found);

  CapacitySearch search(arguments.range);
  while (search.next() && !stop.stop_requested()) {
    load.seed = splitmix64(arguments.load.seed, found.probes.size());  // each sees other arrivals and holds
    auto probe = make_probe(arguments, load, *search.next(), search.length(), events);
    if (stop.stop_requested()) break;
    if (!probe) return probe.error();
    if (events.on_probe) events.on_probe(*probe);
    search.feed(probe->outcome);
    const double rate = probe->rate;
    const ProbeVerdict verdict = probe->outcome.verdict;
    found.probes.push_back(std::move(*probe));
    if (verdict == ProbeVerdict::passed || !search.next() || !found.unloaded) continue;
    if (events.on_rest) events.on_rest();
    const auto not_recovered = await_rest(load, rate, *found.unloaded);
    if (!not_recovered || verdict == ProbeVerdict::spoilt) continue;  // what spoilt the probe may slow these as well
    found.not_recovered = not_recovered;
    break;
  }
  found.interrupted = stop.stop_requested();
  found.highest_passed = search.highest_passed();
  found.lowest_failed = search.lowest_failed();
  found.confirmation = search.confirmation();
  found.spoilt = search.was_spoilt();
  return found;
}

namespace {

double seconds_left(const LoadProgress& progress) {
  const auto left = progress.planned.value_or(progress.elapsed) - progress.elapsed;
  return std::max(0.0, std::ceil(std::chrono::duration<double>(left).count()));
}

}  // namespace

std::string probe_progress(double rate, const LoadProgress& progress) {
  const std::string doing = fmt::format("probing {}: {}", probe_rate_text(rate), progress.phase_name());
  if (progress.phase == LoadProgress::Phase::draining) return doing;
  return fmt::format("{}, {:.0f} s left", doing, seconds_left(progress));
}

CapacityView::CapacityView(std::FILE* out) : out_(out), redraws_(stderr_can_redraw()) {}

SearchEvents CapacityView::events() {
  return {
      .on_detour = warn_of_detour,
      .on_begin = [this](const CapacityResult& begun) { print(begin_text(begun)); },
      .on_progress = [this](double rate, const LoadProgress& progress) { show_now(probe_progress(rate, progress)); },
      .on_rest = [this] { show_now("letting the server come to rest"); },
      .on_probe = [this](const Probe& probe) { print(probe_text(probe)); }};
}

void CapacityView::print(const std::string& text) {
  show_now("");
  std::fputs(for_locale(text).c_str(), out_);
  std::fflush(out_);
}

void CapacityView::show_now(const std::string& line) {
  if (redraws_) say(erase_line + line);
}

}  // namespace waitlab::client
