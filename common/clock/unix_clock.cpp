#include "common/clock/unix_clock.hpp"

namespace waitlab {
namespace {

constexpr int tries = 8;

}  // namespace

UnixClock::UnixClock() {
  auto closest = Steady::duration::max();
  for (int left = tries; left > 0; --left) {
    const auto before = Steady::now();
    const auto unix_now = std::chrono::system_clock::now();
    const auto apart = Steady::now() - before;
    if (apart >= closest) continue;
    closest = apart;
    start_ = before + apart / 2;
    unix_start_ = unix_now;
  }
}

}  // namespace waitlab
