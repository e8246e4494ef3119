#include "client/theory/goetz.hpp"

namespace waitlab::client {

double goetz_threads(double cores, double utilisation, Seconds wait, Seconds compute) {
  return cores * utilisation * (1 + wait / compute);
}

}  // namespace waitlab::client
