#include "client/commands/capacity_search.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

/// So that a rate can be read and typed again. Finer than any precision that is allowed.
double four_digits(double rate) {
  const double digits_after_point = 3 - std::floor(std::log10(rate));
  const double power = std::pow(10.0, std::abs(digits_after_point));  // whole, so that the result is the nearest double
  return digits_after_point > 0 ? std::round(rate * power) / power : std::round(rate / power) * power;
}

}  // namespace

CapacitySearch::CapacitySearch(const SearchRange& range) : range_(range), next_(range.from) {}

void CapacitySearch::feed(ProbeVerdict verdict) {
  if (verdict != ProbeVerdict::passed && !repeats_) {
    repeats_ = true;
    return;
  }
  repeats_ = false;
  if (verdict == ProbeVerdict::passed) {
    passed_ = next_;
  } else {
    failed_ = Failed{*next_, verdict};
  }
  next_ = rate_after();
}

std::optional<double> CapacitySearch::rate_after() const {
  if (!passed_) return std::nullopt;
  if (!failed_) {
    if (*passed_ >= range_.most) return std::nullopt;
    return std::min(*passed_ * 2, range_.most);
  }
  if (failed_->rate <= *passed_ * (1 + range_.precision)) return std::nullopt;
  return four_digits(std::sqrt(*passed_ * failed_->rate));
}

}  // namespace waitlab::client
