#include "client/record/second_half.hpp"

#include <cmath>

namespace waitlab::client {
namespace {

constexpr double share_kept = 0.97;
constexpr double chance = 3;  // standard deviations of a Poisson count

}  // namespace

bool keeps_up(const SecondHalf& half) noexcept {
  return static_cast<double>(half.completed) >= share_kept * half.due - chance * std::sqrt(half.due);
}

}  // namespace waitlab::client
