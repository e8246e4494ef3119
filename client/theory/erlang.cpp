#include "client/theory/erlang.hpp"

namespace waitlab::client {

double erlang_b(double offered_load, unsigned servers) {
  double blocked = 1;
  for (unsigned k = 1; k <= servers; ++k)
    blocked = offered_load * blocked / (k + offered_load * blocked);
  return blocked;
}

double erlang_c(double offered_load, unsigned servers) {
  const double utilisation = offered_load / servers;
  if (utilisation >= 1) return 1;
  const double blocked = erlang_b(offered_load, servers);
  return blocked / (1 - utilisation * (1 - blocked));
}

}  // namespace waitlab::client
