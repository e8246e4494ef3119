#include "common/delay/delay_profile.hpp"
#include "common/delay/distribution.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab {
namespace {

constexpr double longest_delay_ns = 24.0 * 3600 * 1e9;

/// FNV-1a, 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv), continued from `hash` over `bytes`.
constexpr std::uint64_t fnv_1a(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

/// The output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; constants of Stafford's Mix13): a bijection that
/// changes half of the output bits for any changed input bit, which FNV-1a alone does not for a string's last bytes.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// A random word for each (seed, route, request id). The zero byte keeps ("/ab", "c") apart from ("/a", "bc").
constexpr std::uint64_t random_word(std::uint64_t seed, std::string_view route, std::string_view request_id) {
  constexpr std::uint64_t offset_basis = 0xcbf29ce484222325;
  constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15;
  const std::uint64_t name = fnv_1a(fnv_1a(fnv_1a(offset_basis, route), {"\0", 1}), request_id);
  return mix(name ^ mix(seed + golden_gamma));
}

/// The middle of one of 2^52 equal slices of (0, 1): neither end can be reached, so no quantile is infinite.
constexpr double open_unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}

}  // namespace

std::chrono::nanoseconds draw_delay(const DelayProfile& profile, std::string_view route, std::string_view request_id) {
  const double u = open_unit_interval(random_word(profile.seed, route, request_id));
  const double delay_ns = find_distribution(profile.delay.distribution)->quantile_ns(profile.delay, u);
  return std::chrono::nanoseconds{std::lround(std::min(delay_ns, longest_delay_ns))};
}

}  // namespace waitlab
