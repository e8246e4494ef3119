#pragma once

#include "client/theory/queueing.hpp"

namespace waitlab::client {

inline double ms(Seconds time) {
  return time.count() * 1e3;
}

}  // namespace waitlab::client
