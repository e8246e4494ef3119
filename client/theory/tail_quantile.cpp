#include "client/theory/tail_quantile.hpp"

#include <boost/math/tools/roots.hpp>

namespace waitlab::client {

Seconds tail_quantile(const std::function<double(Seconds)>& tail, double quantile, Seconds scale) {
  const auto above = [&](double seconds) { return tail(Seconds(seconds)) - (1 - quantile); };
  if (above(0) <= 0) return Seconds(0);
  double most = scale.count();
  while (above(most) > 0)
    most *= 2;
  constexpr int bits = 30;
  return Seconds(boost::math::tools::bisect(above, 0.0, most, boost::math::tools::eps_tolerance<double>(bits)).second);
}

}  // namespace waitlab::client
