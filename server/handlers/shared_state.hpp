#pragma once

#include "server/handlers/counter.hpp"
#include "server/handlers/scratch_file.hpp"

namespace waitlab::server {

/// What endpoints share that outlives a strategy, so that a switch loses nothing of it. Thread-safe.
struct SharedState {
  Counter counter;
  ScratchFile file;
};

}  // namespace waitlab::server
