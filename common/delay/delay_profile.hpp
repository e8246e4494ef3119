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
    std::vector<Part> parts{};                    ///< bimodal
    std::string file{};                           ///< replay
    std::string column = "held_ns";               ///< replay, if the file is a hold log: held_ns, drawn_ns
    /// replay: what the file holds; `prepare_delay_profile` reads it.
    std::shared_ptr<const std::vector<std::chrono::nanoseconds>> recorded{};
  };

  /// The probability of each; a hold has one of them or none.
  struct Faults {
    double error = 0;                  ///< answered with `error_status`
    std::uint32_t error_status = 500;  ///< 400 to 599
    double reset_before = 0;           ///< its connection is reset before the answer
    double reset_in = 0;               ///< its connection is reset in the middle of the answer
    double stall = 0;                  ///< never ends by itself
    double drip = 0;                   ///< the answer's body comes byte by byte
    std::chrono::nanoseconds drip_pause{100'000'000};
  };

  /// Of each `every`, from the backend's start, the first `length` makes holds longer, but in the first.
  struct Brownout {
    std::chrono::nanoseconds every{0};  ///< 0: never
    std::chrono::nanoseconds length{5'000'000'000};
    double factor = 10;
  };

  /// What others that are held cost a hold, by the Universal Scalability Law; see backend/hold_length.hpp.
  struct Slowdown {
    double contention = 0;
    double coherency = 0;
  };

  Delay delay;
  std::uint64_t seed = 1;
  std::uint32_t concurrency = 0;  ///< holds served at once; 0: no cap
  std::string on_full = "queue";  ///< queue, reject
  std::string hold_log;           ///< CSV file; empty: none
  Faults faults;
  Brownout brownout;
  Slowdown slowdown;
};

/// What may befall a hold besides its delay.
enum class Fault { none, error, reset_before, reset_in, stall, drip };

/// The longest delay, and the longest that anything makes of one; what is longer is cut there.
inline constexpr std::chrono::hours longest_hold{24};

/// Binds the profile's keys under `prefix` ("backend.profile." or "profile.").
void bind_delay_profile(ConfigSpec& spec, const std::string& prefix, DelayProfile& profile);

/// Checks what no single key can (uniform's min <= max, lognormal's p99 > median, that probabilities add up to at most
/// 1), and reads the file that a replay names. Only then may be drawn from the profile.
Result<void> prepare_delay_profile(DelayProfile& profile, const std::string& prefix);

/// The profile as "key=value" words for `--set`, so that one program can start another with the same profile.
std::vector<std::string> delay_profile_settings(const DelayProfile& profile, const std::string& prefix);

/// The keys, without a prefix, by which it differs from one that does nothing but delay: what a timer cannot do.
std::vector<std::string> keys_beyond_delays(const DelayProfile& profile);

/// The delays in a few words: "exponential, mean 50ms".
std::string describe_delay(const DelayProfile::Delay& delay);

/// The delay of one request: a pure function of (profile, route, request id), the profile's seed included, so that a
/// request is held equally long under every strategy and in any order. Between 0 and `longest_hold`. The profile must
/// have been prepared. Thread-safe.
std::chrono::nanoseconds draw_delay(const DelayProfile& profile, std::string_view route, std::string_view request_id);

/// The fault of one request, if it has one: likewise a pure function, and independent of the delay.
Fault draw_fault(const DelayProfile& profile, std::string_view route, std::string_view request_id);

}  // namespace waitlab
