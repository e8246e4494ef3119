#include "common/delay/delay_profile.hpp"
#include "common/delay/distribution.hpp"
#include "common/splitmix64.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace waitlab {
namespace {

constexpr auto longest_ns = static_cast<double>(std::chrono::nanoseconds(longest_hold).count());

/// What is drawn for a request: each from words of its own.
enum class Draw : std::uint64_t { delay, fault };

/// FNV-1a, 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv), continued from `hash` over `bytes`.
constexpr std::uint64_t fnv_1a(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

/// A random word for each (seed, draw, route, request id). The zero byte keeps ("/ab", "c") apart from ("/a", "bc").
/// FNV-1a alone would hardly change with a string's last bytes.
constexpr std::uint64_t random_word(std::uint64_t seed, Draw draw, std::string_view route,
                                    std::string_view request_id) {
  constexpr std::uint64_t offset_basis = 0xcbf29ce484222325;
  const std::uint64_t name = fnv_1a(fnv_1a(fnv_1a(offset_basis, route), {"\0", 1}), request_id);
  return splitmix64_output(name ^ splitmix64(seed, static_cast<std::uint64_t>(draw)));
}

/// The middle of one of 2^52 equal slices of (0, 1): neither end can be reached, so no quantile is infinite.
constexpr double open_unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}

}  // namespace

std::chrono::nanoseconds draw_delay(const DelayProfile& profile, std::string_view route, std::string_view request_id) {
  const double u = open_unit_interval(random_word(profile.seed, Draw::delay, route, request_id));
  const double delay_ns = find_distribution(profile.delay.distribution)->delay_ns(profile.delay, u);
  return std::chrono::nanoseconds{std::llround(std::min(delay_ns, longest_ns))};
}

Fault draw_fault(const DelayProfile& profile, std::string_view route, std::string_view request_id) {
  const DelayProfile::Faults& faults = profile.faults;
  double u = open_unit_interval(random_word(profile.seed, Draw::fault, route, request_id));
  const std::array<std::pair<Fault, double>, 5> shares{{{Fault::error, faults.error},
                                                        {Fault::reset_before, faults.reset_before},
                                                        {Fault::reset_in, faults.reset_in},
                                                        {Fault::stall, faults.stall},
                                                        {Fault::drip, faults.drip}}};
  for (const auto& [fault, probability] : shares) {
    if (u < probability) return fault;
    u -= probability;
  }
  return Fault::none;
}

}  // namespace waitlab
