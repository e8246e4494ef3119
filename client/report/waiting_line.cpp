#include "client/report/waiting_line.hpp"

#include "common/config/config_reader.hpp"
#include "common/delay/delay_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace waitlab::client {
namespace {

/// The strategies in which, unless their settings say so, no number of threads limits how many requests wait at once.
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

std::optional<unsigned> read_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// The value of a "key=value" in words that `separator` ends; nothing where there is none.
std::optional<std::string_view> find_value(std::string_view words, std::string_view key, char separator) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(separator));
    if (word.starts_with(key) && word.substr(key.size()).starts_with('=')) return word.substr(key.size() + 1);
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  return std::nullopt;
}

/// How many calls of the backend a request makes at once, if it does nothing else.
std::optional<unsigned> calls_of(std::string_view path) {
  if (path == "/wait") return 1;
  const std::string_view endpoint = path.substr(0, path.find('?'));
  if (endpoint != "/fanout") return std::nullopt;
  const std::string_view query = path.substr(std::min(endpoint.size() + 1, path.size()));
  if (find_value(query, "delay", '&') || find_value(query, "mode", '&').value_or("parallel") != "parallel")
    return std::nullopt;
  const auto calls = find_value(query, "calls", '&');
  return calls ? read_number(*calls) : calls_of_fanout;
}

/// The number of a setting of the target's own strategy.
std::optional<unsigned> strategy_setting(const ExperimentTarget& target, std::string_view name) {
  const std::string key = fmt::format("strategies.{}.{}", target.strategy, name);
  for (const std::string& setting : target.settings) {
    if (const auto value = find_value(setting, key, '\n')) return read_number(*value);
  }
  return std::nullopt;
}

/// How many requests may be in the target at once, if its settings limit that.
std::optional<unsigned> most_inside(const ExperimentTarget& target) {
  if (const auto threads = strategy_setting(target, "max_threads")) return threads;
  const auto places = strategy_setting(target, "queue_capacity");
  return places ? std::optional(*target.threads + *places) : std::nullopt;
}

}  // namespace

std::optional<WaitingLine> waiting_line(const ExperimentResult& result, const ExperimentTarget& target) {
  const bool unlimited_threads = std::ranges::find(unlimited, target.strategy) != unlimited.end();
  if (target.kind != TargetKind::server || (!target.threads && !unlimited_threads)) return std::nullopt;
  if (result.load.loop == Loop::open && result.load.arrivals != "poisson") return std::nullopt;
  const auto calls = calls_of(target.path.empty() ? result.load.path : target.path);
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
