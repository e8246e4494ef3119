#include "backend/hold_length.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::backend {
namespace {

using std::chrono::nanoseconds;

double slowdown(const DelayProfile::Slowdown& slowdown, double n) {
  return 1 + slowdown.contention * (n - 1) + slowdown.coherency * n * (n - 1);
}

/// The first comes one period after the start, so that a backend is well when it starts.
bool is_in_brownout(const DelayProfile::Brownout& brownout, nanoseconds since_start) {
  return brownout.every > nanoseconds::zero() && since_start >= brownout.every &&
         since_start % brownout.every < brownout.length;
}

}  // namespace

nanoseconds hold_length(const DelayProfile& profile, nanoseconds drawn, nanoseconds since_start, std::size_t n) {
  double factor = slowdown(profile.slowdown, static_cast<double>(n));
  if (is_in_brownout(profile.brownout, since_start)) factor *= profile.brownout.factor;
  if (factor == 1) return drawn;  // to the nanosecond
  constexpr auto longest = static_cast<double>(nanoseconds(longest_hold).count());
  return nanoseconds(std::llround(std::min(static_cast<double>(drawn.count()) * factor, longest)));
}

}  // namespace waitlab::backend
