#include "client/commands/hold_flags.hpp"

#include "client/commands/load_flags.hpp"
#include "common/delay/distribution.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using Delay = DelayProfile::Delay;
using Keys = std::vector<std::string>;
using std::chrono::nanoseconds;

constexpr nanoseconds longest_given = std::chrono::hours{1};

/// The keys that say a distribution's shape, `mean` apart: that scales any of them, but a replay.
Keys keys_of(const std::string& distribution) {
  if (distribution == "fixed") return {"value"};
  if (distribution == "uniform") return {"min", "max"};
  if (distribution == "lognormal") return {"median", "p99"};
  if (distribution == "pareto") return {"min", "alpha"};
  if (distribution == "bimodal") return {"parts"};
  if (distribution == "replay") return {"file", "column"};
  return {};
}

std::string hold_flag(const std::string& key) {
  return "--hold-" + key;
}

/// Whether it may stand beside a mean, which then gives the times their length.
bool is_scaled(const std::string& key) {
  return key == "alpha" || key == "parts";
}

bool has_default(const std::string& key) {
  return key == "alpha" || key == "column";
}

Failure missing_hold(const std::string& key, const std::string& distribution) {
  const char* const example = key == "parts" ? ", such as 9:10ms,1:300ms" : key == "file" ? "" : ", such as 50ms";
  const char* const instead = key == "parts" || key == "file" ? "" : ", or --hold-mean";
  return Failure{fmt::format("{} of {} holds is missing{}{}", hold_flag(key), distribution, example, instead)};
}

/// The message about a key of a profile, as one about the flag.
Failure about_hold_flags(std::string message) {
  constexpr std::string_view key_prefix = "hold.delay.";
  for (auto at = message.find(key_prefix); at != std::string::npos; at = message.find(key_prefix, at))
    message.replace(at, key_prefix.size(), "--hold-");
  return Failure{std::move(message)};
}

Failure unknown_distribution(const std::string& name) {
  Keys names;
  for (const Distribution& distribution : distributions())
    names.emplace_back(distribution.name);
  const auto nearest = nearest_name(name, names);
  return Failure{fmt::format("--hold-distribution: '{}' is not known{}; use one of {}", name,
                             nearest ? fmt::format(", did you mean '{}'?", *nearest) : "", fmt::join(names, ", "))};
}

std::optional<double> whole_text_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Result<nanoseconds> read_time(const std::string& key, const std::string& text) {
  const auto time = read_duration_flag(hold_flag(key).c_str(), text);
  if (time && *time > longest_given)
    return Failure{fmt::format("{}: {} is too long; give at most 1h", hold_flag(key), text)};
  return time;
}

Result<double> read_alpha(const std::string& text) {
  const auto alpha = whole_text_number(text);
  if (!alpha || !(*alpha >= 0.1 && *alpha <= 100))
    return Failure{fmt::format("--hold-alpha: '{}' is out of range; give a number from 0.1 to 100", text)};
  return *alpha;
}

/// "9:10ms,1:300ms".
Result<std::vector<DelayProfile::Part>> read_parts(const std::string& text) {
  std::vector<DelayProfile::Part> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const auto colon = part.find(':');
    const auto weight = whole_text_number(part.substr(0, colon));
    if (colon == std::string::npos || !weight || !(*weight >= 0 && *weight <= 1e9))
      return Failure{fmt::format("--hold-parts: '{}' is no WEIGHT:TIME; an example is 9:10ms,1:300ms", part)};
    const auto time = read_time("parts", part.substr(colon + 1));
    if (!time) return time.error();
    parts.push_back({.weight = *weight, .delay = *time});
    at = end + 1;
  }
  return parts;
}

Result<void> read_key(const std::string& key, const std::string& text, Delay& delay) {
  const std::array<std::pair<std::string_view, nanoseconds*>, 5> times{{{"value", &delay.value},
                                                                        {"min", &delay.min},
                                                                        {"max", &delay.max},
                                                                        {"median", &delay.median},
                                                                        {"p99", &delay.p99}}};
  const auto* const found = std::ranges::find(times, key, [](const auto& time) { return time.first; });
  if (found != times.end()) {
    const auto time = read_time(key, text);
    if (!time) return time.error();
    *found->second = *time;
  } else if (key == "alpha") {
    const auto alpha = read_alpha(text);
    if (!alpha) return alpha.error();
    delay.alpha = *alpha;
  } else if (key == "parts") {
    auto parts = read_parts(text);
    if (!parts) return parts.error();
    delay.parts = std::move(*parts);
  } else {
    (key == "file" ? delay.file : delay.column) = text;
  }
  return {};
}

}  // namespace

HoldFlags::HoldFlags(CLI::App& app) {
  const auto add = [&](const char* key, const char* help, const char* type) {
    app.add_option(hold_flag(key), given_[key], help)->type_name(type);
  };
  app.add_option("--hold-distribution", distribution_,
                 "exponential, fixed, uniform, lognormal,\npareto, bimodal or replay")
      ->capture_default_str()
      ->type_name("NAME");
  add("mean", "Mean hold, with any but replay: its usual\nshape, scaled", "DURATION");
  add("value", "Every hold (fixed)", "DURATION");
  add("min", "Shortest hold (uniform, pareto)", "DURATION");
  add("max", "Longest hold (uniform)", "DURATION");
  add("median", "Median hold (lognormal)", "DURATION");
  add("p99", "99th percentile (lognormal)", "DURATION");
  add("alpha", "Tail of pareto: the smaller, the heavier", "NUMBER");
  add("parts", "Holds of bimodal: 9:10ms,1:300ms", "LIST");
  add("file", "Recorded holds (replay), or a hold log", "FILE");
  add("column", "Of a hold log: held_ns or drawn_ns", "NAME");
}

Result<void> HoldFlags::expect_of_use(const std::string& distribution) const {
  const Keys shape = keys_of(distribution);
  Keys used = shape;
  if (distribution != "replay") used.insert(used.begin(), "mean");
  for (const auto& [key, text] : given_) {
    if (!text.empty() && std::ranges::find(used, key) == used.end())
      return Failure{fmt::format("--hold-{} is nothing to {} holds; they have --hold-{}", key, distribution,
                                 fmt::join(used, ", --hold-"))};
  }
  const bool has_mean = !given_.at("mean").empty();
  for (const std::string& key : shape) {
    const bool given = !given_.at(key).empty();
    if (has_mean && given && !is_scaled(key))
      return Failure{fmt::format("--hold-mean would change {}; give only one of them", hold_flag(key))};
    if (!has_mean && !given && !has_default(key)) return missing_hold(key, distribution);
  }
  if (!has_mean && shape.empty()) return Failure{"--hold-mean is missing: how long a request is held, such as 50ms"};
  return {};
}

Result<Delay> HoldFlags::read() const {
  Delay delay;
  delay.distribution = distribution_;
  const std::string& mean = given_.at("mean");
  // A shape without any times, which the mean then scales.
  if (distribution_ == "pareto" && !mean.empty()) delay.min = std::chrono::milliseconds(1);
  for (const std::string& key : keys_of(distribution_)) {
    if (const std::string& text = given_.at(key); !text.empty())
      if (auto read = read_key(key, text, delay); !read) return read.error();
  }
  if (distribution_ == "bimodal" && delay.parts.empty()) return missing_hold("parts", "bimodal");
  if (distribution_ == "replay" && delay.column != "held_ns" && delay.column != "drawn_ns")
    return Failure{fmt::format("--hold-column: '{}' is not known; use held_ns or drawn_ns", delay.column)};
  DelayProfile profile;
  profile.delay = std::move(delay);
  if (auto prepared = prepare_delay_profile(profile, "hold."); !prepared)
    return about_hold_flags(prepared.error().message);
  if (mean.empty()) return profile.delay;
  const auto time = read_time("mean", mean);
  if (!time) return time.error();
  auto scaled = scaled_to_mean(std::move(profile.delay), *time);
  if (!scaled) return Failure{"--hold-mean: " + scaled.error().message};
  return scaled;
}

Result<HoldLaw> HoldFlags::law() const {
  if (find_distribution(distribution_) == nullptr) return unknown_distribution(distribution_);
  if (auto expected = expect_of_use(distribution_); !expected) return expected.error();
  auto delay = read();
  return delay ? HoldLaw::of(std::move(*delay)) : delay.error();
}

}  // namespace waitlab::client
