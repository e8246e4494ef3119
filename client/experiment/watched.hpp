#pragma once

#include <sys/types.h>
#include <functional>
#include <string>
#include <vector>

namespace waitlab::client {

/// Where to look at a target that is under load.
struct Watched {
  std::function<std::vector<pid_t>()> processes;  ///< its processes as they are now; empty: not known which they are
  std::string admin_address;                      ///< of a server of ours, which tells of itself; else empty
};

}  // namespace waitlab::client
