#include "client/check/sizing.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::client {

Seconds fan_out_mean(Seconds mean_hold, unsigned calls) {
  double harmonic = 0;
  for (unsigned k = 1; k <= calls; ++k)
    harmonic += 1.0 / k;
  return mean_hold * harmonic;
}

Seconds fan_out_quantile(Seconds mean_hold, unsigned calls, double quantile) {
  return -mean_hold * std::log1p(-std::pow(quantile, 1.0 / calls));
}

double mean_in_flight(double rate, Seconds mean_hold) {
  return rate * mean_hold.count();
}

double goetz_threads(double cores, double utilisation, Seconds wait, Seconds compute) {
  return cores * utilisation * (1 + wait / compute);
}

Seconds closed_loop_response(unsigned users, unsigned threads, Seconds mean_hold) {
  return mean_hold * std::max(1.0, static_cast<double>(users) / threads);
}

}  // namespace waitlab::client
