#include "client/report/theory.hpp"

#include "client/record/settings.hpp"
#include "client/theory/queueing.hpp"
#include "common/config/config_reader.hpp"
#include "common/delay/delay_profile.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

constexpr unsigned calls_of_fanout = 5;  // unless the path says

std::optional<DelayProfile> backend_profile(const ExperimentResult& result) {
  DelayProfile profile;
  ConfigSpec spec;
  bind_delay_profile(spec, "profile.", profile);
  ConfigReader reader(spec);
  const bool known = std::ranges::all_of(result.backend, [&](const std::string& setting) {
    return setting.starts_with("mode=") || reader.read_set(setting).has_value();
  });
  if (!known || profile.delay.distribution != "exponential" || profile.on_full == "reject") return std::nullopt;
  auto others = keys_beyond_delays(profile);
  std::erase(others, "concurrency");
  if (!others.empty()) return std::nullopt;
  return profile;
}

/// The parameters of a query as words.
std::vector<std::string> parameters_of(std::string_view query) {
  std::vector<std::string> words;
  while (!query.empty()) {
    words.emplace_back(query.substr(0, query.find('&')));
    query.remove_prefix(std::min(words.back().size() + 1, query.size()));
  }
  return words;
}

/// The number of parallel calls that a request makes to the backend, if it does nothing else.
std::optional<unsigned> calls_of(std::string_view path) {
  if (path == "/wait") return 1;
  const std::string_view endpoint = path.substr(0, path.find('?'));
  if (endpoint != "/fanout") return std::nullopt;
  const auto parameters = parameters_of(path.substr(std::min(endpoint.size() + 1, path.size())));
  if (setting_of(parameters, "delay") || setting_of(parameters, "mode").value_or("parallel") != "parallel")
    return std::nullopt;
  const auto calls = setting_of(parameters, "calls");
  return calls ? whole_number(*calls) : calls_of_fanout;
}

/// The most requests that the load can have under way.
double most_under_way(const ExperimentLoad& load) {
  if (load.loop == Loop::open) return load.max_connections;
  return load.levels.empty() ? 0 : std::ranges::max(load.levels);
}

/// The number of requests that the target's workers can hold at once, where that limits it. Where nothing queues, a
/// limit that the load cannot reach is none.
std::optional<unsigned> limit_of(const StrategyFacts& facts, const ExperimentLoad& load) {
  if (!facts.holds_worker || !facts.at_once || facts.core) return std::nullopt;
  const bool is_reached = facts.queue || *facts.at_once < most_under_way(load);
  return is_reached ? facts.at_once : std::nullopt;
}

}  // namespace

std::optional<WaitingLine> waiting_line(const ExperimentResult& result, const ExperimentTarget& target) {
  if (target.kind != TargetKind::server || !target.facts) return std::nullopt;
  if (result.load.loop == Loop::open && result.load.arrivals != "poisson") return std::nullopt;
  const auto calls = calls_of(result.load.path_of(target));
  const auto profile = backend_profile(result);
  if (!calls || !profile) return std::nullopt;
  const auto limit = limit_of(*target.facts, result.load);
  WaitingLine line{.servers = limit, .room = {}, .hold = profile->delay.mean, .calls = *calls};
  if (profile->concurrency > 0)
    line.servers = std::min(line.servers.value_or(profile->concurrency), profile->concurrency);
  if (line.servers && line.calls > 1) return std::nullopt;
  if (limit) line.room = *limit + target.facts->queue.value_or(0) - *line.servers;
  return line;
}

namespace {

constexpr unsigned points_of_curve = 40;
constexpr std::array near_capacity{0.9, 0.95, 0.97, 0.98, 0.99, 0.995};
/// A longer queue is as good as unbounded, and its exact law takes long to compute.
constexpr unsigned most_places = 256;

TheoryPoint point_of(double rate, Seconds mean, auto quantile) {
  TheoryPoint point{.rate = rate, .mean = mean, .percentiles = {}};
  std::ranges::transform(shown_quantiles, point.percentiles.begin(),
                         [&](const Quantile& shown) { return quantile(shown.share); });
  return point;
}

/// Without any queueing.
TheoryPoint unlimited_point(double rate, const WaitingLine& line) {
  return point_of(rate, fan_out_mean(line.hold, line.calls),
                  [&](double share) { return fan_out_quantile(line.hold, line.calls, share); });
}

std::optional<TheoryPoint> unbounded_point(double rate, const WaitingLine& line) {
  const PoolQueue queue(rate, line.hold, *line.servers);
  if (!queue.stable()) return std::nullopt;
  return point_of(rate, queue.mean_response(), [&](double share) { return queue.response_quantile(share); });
}

TheoryPoint bounded_point(double rate, const WaitingLine& line) {
  const BoundedPool pool(rate, line.hold, *line.servers, *line.room);
  return point_of(rate, pool.mean_response(), [&](double share) { return pool.response_quantile(share); });
}

bool is_bounded(const WaitingLine& line) {
  return line.servers && line.room && *line.room <= most_places;
}

std::optional<TheoryPoint> point_at(double rate, const WaitingLine& line) {
  if (!line.servers) return unlimited_point(rate, line);
  return is_bounded(line) ? bounded_point(rate, line) : unbounded_point(rate, line);
}

std::string law_of(const WaitingLine& line) {
  return std::string(theory_laws[!line.servers ? 0 : is_bounded(line) ? 2 : 1]);
}

/// The offered rates, and enough between them to draw a curve, closer where it rises.
std::set<double> rates_of(const ExperimentLoad& load, const Theory& theory) {
  std::set<double> rates(load.levels.begin(), load.levels.end());
  const double highest = *rates.rbegin();
  for (unsigned i = 1; i < points_of_curve; ++i)
    rates.insert(highest * i / points_of_curve);
  for (const double share : near_capacity) {
    const double rate = share * theory.capacity().value_or(0);
    if (rate > 0 && rate < highest) rates.insert(rate);
  }
  return rates;
}

std::vector<TheoryPoint> curve_of(const ExperimentLoad& load, const Theory& theory) {
  std::vector<TheoryPoint> curve;
  if (load.loop == Loop::closed || load.levels.empty()) return curve;
  for (const double rate : rates_of(load, theory)) {
    if (const auto point = point_at(rate, theory.line)) curve.push_back(*point);
  }
  return curve;
}

/// Whether the CPU time of a request is known there: a rejected one takes next to none, and counts as well.
bool tells_cpu_time(const Cell& cell) {
  const auto& cpu = cell[Metric::cpu];
  const auto& errors = cell[Metric::errors];
  return cell.valid && cpu && cpu->median > 0 && errors && errors->median <= many_errors_percent;
}

/// By the least CPU time per request that the target had at any level: the most threads that could be of use.
std::optional<double> goetz_of(const ExperimentResult& result, const Comparison& comparison, const Theory& theory) {
  std::optional<double> least_us;
  for (const LevelGroup& group : comparison) {
    const Cell& cell = group.cells[theory.target];
    if (!tells_cpu_time(cell)) continue;
    const double cpu_us = cell[Metric::cpu]->median;
    least_us = std::min(cpu_us, least_us.value_or(cpu_us));
  }
  const auto& facts = result.targets[theory.target].facts;
  if (!least_us || !facts || !limit_of(*facts, result.load)) return std::nullopt;
  return goetz_threads(static_cast<double>(result.placement.server.size()), 1, theory.line.hold,
                       std::chrono::duration<double, std::micro>(*least_us));
}

}  // namespace

std::optional<double> Theory::capacity() const {
  if (!line.servers) return std::nullopt;
  return *line.servers / Seconds(line.hold).count();
}

bool Theory::bounded() const {
  return is_bounded(line);
}

std::vector<Theory> theory_of(const ExperimentResult& result, const Comparison& comparison) {
  std::vector<Theory> all;
  for (std::size_t target = 0; target < result.targets.size(); ++target) {
    const auto line = waiting_line(result, result.targets[target]);
    if (!line) continue;
    Theory theory{.target = target, .law = law_of(*line), .line = *line, .goetz = {}, .curve = {}};
    theory.goetz = goetz_of(result, comparison, theory);
    theory.curve = curve_of(result.load, theory);
    all.push_back(std::move(theory));
  }
  return all;
}

}  // namespace waitlab::client
