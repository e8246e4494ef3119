#include "client/report/waiting_line.hpp"

#include "client/record/settings.hpp"
#include "common/config/config_reader.hpp"
#include "common/delay/delay_profile.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

/// The strategies in which no number of threads limits how many requests wait at once, unless their settings say so.
constexpr std::array<std::string_view, 2> unlimited{"event-loop", "thread-per-request"};

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

/// The number of requests that may be in the target at once, if its settings limit it.
std::optional<unsigned> most_inside(const ExperimentTarget& target) {
  if (const auto threads = strategy_number(target.settings, target.strategy, "max_threads")) return threads;
  const auto places = strategy_number(target.settings, target.strategy, "queue_capacity");
  return places ? std::optional(*target.threads + *places) : std::nullopt;
}

}  // namespace

std::optional<WaitingLine> waiting_line(const ExperimentResult& result, const ExperimentTarget& target) {
  const bool unlimited_threads = std::ranges::find(unlimited, target.strategy) != unlimited.end();
  if (target.kind != TargetKind::server || (!target.threads && !unlimited_threads)) return std::nullopt;
  if (result.load.loop == Loop::open && result.load.arrivals != "poisson") return std::nullopt;
  const auto calls = calls_of(result.load.path_of(target));
  const auto profile = backend_profile(result);
  if (!calls || !profile) return std::nullopt;
  WaitingLine line{.servers = target.threads, .room = {}, .hold = profile->delay.mean, .calls = *calls};
  if (profile->concurrency > 0)
    line.servers = std::min(line.servers.value_or(profile->concurrency), profile->concurrency);
  if (line.servers && line.calls > 1) return std::nullopt;
  if (target.threads) {
    if (const auto most = most_inside(target)) line.room = *most - *line.servers;
  }
  return line;
}

}  // namespace waitlab::client
