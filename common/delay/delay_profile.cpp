#include "common/delay/delay_profile.hpp"

#include "common/config/config_list.hpp"
#include "common/config/config_loader.hpp"
#include "common/delay/distribution.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

namespace waitlab {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longest_parameter = std::chrono::hours{1};

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

}  // namespace

void bind_delay_profile(ConfigSpec& spec, const std::string& prefix, DelayProfile& profile) {
  bind_delay(spec, prefix + "delay.", profile.delay);
  spec.integer(prefix + "seed", profile.seed, 0, std::numeric_limits<std::uint64_t>::max(),
               "determines each delay, with the route and the request id");
  spec.integer(prefix + "concurrency", profile.concurrency, 0, 1'000'000, "concurrent holds; 0: unlimited");
  spec.choice(prefix + "on_full", profile.on_full, {"queue", "reject"}, "whether further holds queue or are rejected");
  spec.text(prefix + "hold_log", profile.hold_log, "CSV file with a line for each hold; empty: none");
}

Result<void> prepare_delay_profile(DelayProfile& profile, const std::string& prefix) {
  const Distribution* distribution = find_distribution(profile.delay.distribution);
  if (distribution == nullptr)
    return Failure{fmt::format("{}delay.distribution is \"{}\": use one of {}", prefix, profile.delay.distribution,
                               fmt::join(distribution_names(), ", "))};
  return distribution->prepare(profile.delay, prefix + "delay.");
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

}  // namespace waitlab
