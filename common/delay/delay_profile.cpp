#include "common/delay/delay_profile.hpp"

#include "common/config/config_list.hpp"
#include "common/config/config_loader.hpp"
#include "common/config/units.hpp"
#include "common/delay/distribution.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace waitlab {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longest_parameter = std::chrono::hours{1};
constexpr nanoseconds longest_period = std::chrono::hours{24};

std::vector<std::string> distribution_names() {
  std::vector<std::string> names;
  for (const Distribution& distribution : distributions())
    names.emplace_back(distribution.name);
  return names;
}

void bind_part(ConfigSpec& spec, DelayProfile::Part& part) {
  spec.number("weight", part.weight, 0, 1e9, "share of the delays, beside the other weights")
      .duration("delay", part.delay, nanoseconds::zero(), longest_parameter, "the delay");
}

void bind_delay(ConfigSpec& spec, const std::string& prefix, DelayProfile::Delay& delay) {
  const auto duration = [&](const char* name, nanoseconds& field, const char* help) {
    spec.duration(prefix + name, field, nanoseconds::zero(), longest_parameter, help);
  };
  spec.choice(prefix + "distribution", delay.distribution, distribution_names(), "distribution of the delays");
  duration("value", delay.value, "every delay of the fixed distribution");
  duration("min", delay.min, "shortest delay of the uniform and the pareto distribution");
  duration("max", delay.max, "longest delay of the uniform distribution");
  duration("mean", delay.mean, "mean delay of the exponential distribution");
  duration("median", delay.median, "median delay of the lognormal distribution");
  duration("p99", delay.p99, "99th percentile of the lognormal distribution");
  spec.number(prefix + "alpha", delay.alpha, 0.1, 100,
              "tail of the pareto distribution: the smaller, the heavier; the mean is min * alpha / (alpha - 1), and "
              "infinite up to 1");
  bind_list(spec, prefix + "parts", delay.parts, bind_part, "delays of the bimodal distribution, and their weights");
  spec.text(prefix + "file", delay.file, "file of the replay distribution: a delay on each line, or a hold log");
  spec.choice(prefix + "column", delay.column, {"held_ns", "drawn_ns"}, "what a replay takes of a hold log");
}

void bind_faults(ConfigSpec& spec, const std::string& prefix, DelayProfile::Faults& faults) {
  const auto probability = [&](const char* name, double& field, const char* help) {
    spec.number(prefix + name, field, 0, 1, std::string("probability that ") + help);
  };
  probability("error", faults.error, "a hold is answered with error_status");
  spec.integer(prefix + "error_status", faults.error_status, 400, 599, "status of an error");
  probability("reset_before", faults.reset_before, "a hold's connection is reset before the answer");
  probability("reset_in", faults.reset_in, "a hold's connection is reset in the middle of the answer");
  probability("stall", faults.stall, "a hold is never answered: it ends when its caller leaves");
  probability("drip", faults.drip, "the body of a hold's answer comes byte by byte");
  spec.duration(prefix + "drip_pause", faults.drip_pause, nanoseconds::zero(), longest_parameter,
                "before each of these bytes");
}

void bind_brownout(ConfigSpec& spec, const std::string& prefix, DelayProfile::Brownout& brownout) {
  spec.duration(prefix + "every", brownout.every, nanoseconds::zero(), longest_period,
                "from the start of the backend, or of a brownout, to the next; 0s: there are none");
  spec.duration(prefix + "for", brownout.length, nanoseconds::zero(), longest_period, "how long one lasts");
  spec.number(prefix + "factor", brownout.factor, 1, 1000, "how many times as long a hold takes that begins in one");
}

void bind_slowdown(ConfigSpec& spec, const std::string& prefix, DelayProfile::Slowdown& slowdown) {
  spec.number(prefix + "contention", slowdown.contention, 0, 1,
              "a hold that begins as one of n takes 1 + contention * (n - 1) + coherency * n * (n - 1) times as long");
  spec.number(prefix + "coherency", slowdown.coherency, 0, 1,
              "as above; throughput is highest with sqrt((1 - contention) / coherency) holds at once");
}

Result<void> check_faults(const DelayProfile::Faults& faults, const std::string& prefix) {
  constexpr double rounding = 1e-9;
  const double sum = faults.error + faults.reset_before + faults.reset_in + faults.stall + faults.drip;
  if (sum <= 1 + rounding) return {};
  return Failure{fmt::format(
      "{0}faults.error, reset_before, reset_in, stall and drip add up to {1:g}: a hold has one fault at most, so lower "
      "them until it is 1",
      prefix, sum)};
}

Result<void> check_brownout(const DelayProfile::Brownout& brownout, const std::string& prefix) {
  if (brownout.every == nanoseconds::zero() || brownout.length <= brownout.every) return {};
  return Failure{fmt::format("{0}brownout.for ({1}) is longer than {0}brownout.every ({2}): lower it", prefix,
                             format_duration(brownout.length), format_duration(brownout.every))};
}

/// Keys that say which delays there are, or nothing without others.
bool belongs_to_delays(const std::string& key) {
  constexpr std::array<std::string_view, 2> others{"seed", "on_full"};
  return key.starts_with("delay.") || std::ranges::find(others, key) != others.end();
}

std::string key_of(const std::string& setting) {
  return setting.substr(0, setting.find('='));
}

}  // namespace

void bind_delay_profile(ConfigSpec& spec, const std::string& prefix, DelayProfile& profile) {
  bind_delay(spec, prefix + "delay.", profile.delay);
  spec.integer(prefix + "seed", profile.seed, 0, std::numeric_limits<std::uint64_t>::max(),
               "determines each delay and each fault, with the route and the request id");
  spec.integer(prefix + "concurrency", profile.concurrency, 0, 1'000'000, "concurrent holds; 0: unlimited");
  spec.choice(prefix + "on_full", profile.on_full, {"queue", "reject"}, "whether further holds queue or are rejected");
  spec.text(prefix + "hold_log", profile.hold_log, "CSV file with a line for each hold; empty: none");
  bind_faults(spec, prefix + "faults.", profile.faults);
  bind_brownout(spec, prefix + "brownout.", profile.brownout);
  bind_slowdown(spec, prefix + "slowdown.", profile.slowdown);
}

Result<void> prepare_delay_profile(DelayProfile& profile, const std::string& prefix) {
  const Distribution* distribution = find_distribution(profile.delay.distribution);
  if (distribution == nullptr)
    return Failure{fmt::format("{}delay.distribution is \"{}\": use one of {}", prefix, profile.delay.distribution,
                               fmt::join(distribution_names(), ", "))};
  if (const auto prepared = distribution->prepare(profile.delay, prefix + "delay."); !prepared) return prepared;
  if (const auto checked = check_faults(profile.faults, prefix); !checked) return checked;
  return check_brownout(profile.brownout, prefix);
}

std::string describe_delay(const DelayProfile::Delay& delay) {
  const Distribution* distribution = find_distribution(delay.distribution);
  return distribution == nullptr ? delay.distribution
                                 : fmt::format("{}, {}", delay.distribution, distribution->describe(delay));
}

std::vector<std::string> delay_profile_settings(const DelayProfile& profile, const std::string& prefix) {
  DelayProfile defaults = profile;
  ConfigSpec spec;
  bind_delay_profile(spec, prefix, defaults);
  const auto values = load_config(spec, {});
  std::vector<std::string> settings;
  for (const ConfigValue& setting : values.value())
    settings.push_back(setting.key + "=" + setting.value);
  return settings;
}

std::vector<std::string> keys_beyond_delays(const DelayProfile& profile) {
  const auto plain = delay_profile_settings({}, "");
  std::vector<std::string> keys;
  for (const std::string& setting : delay_profile_settings(profile, ""))
    if (std::ranges::find(plain, setting) == plain.end() && !belongs_to_delays(key_of(setting)))
      keys.push_back(key_of(setting));
  return keys;
}

}  // namespace waitlab
