#pragma once

#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// How the slow backend behaves, as configured under `profile` (the backend) or `backend.profile` (the server).
struct DelayProfile {
  struct Part {
    double weight = 1;
    std::chrono::nanoseconds delay{0};
  };
  struct Delay {
    std::string distribution = "exponential";     ///< one of `distributions()`
    std::chrono::nanoseconds value{50'000'000};   ///< fixed
    std::chrono::nanoseconds min{0};              ///< uniform, pareto
    std::chrono::nanoseconds max{100'000'000};    ///< uniform
    std::chrono::nanoseconds mean{50'000'000};    ///< exponential
    std::chrono::nanoseconds median{35'000'000};  ///< lognormal
    std::chrono::nanoseconds p99{230'000'000};    ///< lognormal
    double alpha = 1.5;                           ///< pareto
    std::vector<Part> parts;                      ///< bimodal
    std::string file;                             ///< replay
    std::string column = "held_ns";               ///< replay, if the file is a hold log: held_ns, drawn_ns
    /// replay: what the file holds; `prepare_delay_profile` reads it.
    std::shared_ptr<const std::vector<std::chrono::nanoseconds>> recorded;
  };

  Delay delay;
  std::uint64_t seed = 1;
  std::uint32_t concurrency = 0;  ///< holds served at once; 0: no cap
  std::string on_full = "queue";  ///< queue, reject
  std::string hold_log;           ///< CSV file; empty: none
};

/// The longest delay; what is longer is cut there.
inline constexpr std::chrono::hours longest_hold{24};

/// Binds the profile's keys under `prefix` ("backend.profile." or "profile.").
void bind_delay_profile(ConfigSpec& spec, const std::string& prefix, DelayProfile& profile);

/// Checks what no single key can (uniform's min <= max, lognormal's p99 > median), and reads the file that a replay
/// names. Only then may be drawn from the profile.
Result<void> prepare_delay_profile(DelayProfile& profile, const std::string& prefix);

/// The profile as "key=value" words for `--set`, so that one program can start another with the same profile.
std::vector<std::string> delay_profile_settings(const DelayProfile& profile, const std::string& prefix);

/// The delays in a few words: "exponential, mean 50ms".
std::string describe_delay(const DelayProfile::Delay& delay);

/// The delay of one request: a pure function of (profile, route, request id), the profile's seed included, so that a
/// request is held equally long under every strategy and in any order. Between 0 and `longest_hold`. The profile must
/// have been prepared. Thread-safe.
std::chrono::nanoseconds draw_delay(const DelayProfile& profile, std::string_view route, std::string_view request_id);

}  // namespace waitlab
