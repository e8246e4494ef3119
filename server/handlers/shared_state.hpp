#pragma once

#include "server/accounts/accounts.hpp"
#include "server/handlers/counter.hpp"
#include "server/handlers/scratch_file.hpp"

namespace waitlab::server {

/// What endpoints share that outlives a strategy, so that a switch loses nothing of it. Lies in memory that processes
/// share where there are several, so it has no pointers. Thread-safe, between processes as well.
struct SharedState {
  Counter counter;
  Accounts accounts;
};

/// What endpoints have in the memory of their process, where no other process sees it. It outlives a strategy too.
/// Thread-safe.
struct LocalState {
  ScratchFile file;
  UnsharedCount counted;
};

}  // namespace waitlab::server
