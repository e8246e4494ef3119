#include "client/engine/load_progress.hpp"

namespace waitlab::client {

const char* LoadProgress::phase_name() const noexcept {
  switch (phase) {
    case Phase::warmup:
      return "warm-up";
    case Phase::measuring:
      return "measuring";
    case Phase::draining:
      break;
  }
  return "draining";
}

}  // namespace waitlab::client
