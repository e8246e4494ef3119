#include "client/record/slice.hpp"

namespace waitlab::client {

void Slice::clear() noexcept {
  step = 0;
  index = 0;
  response_time.clear();
  service_time.clear();
  ended = 0;
  errors = 0;
}

}  // namespace waitlab::client
