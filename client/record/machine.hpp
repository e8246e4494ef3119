#pragma once

#include <cstdint>
#include <string>

namespace waitlab::client {

/// The machine a result was measured on.
struct Machine {
  std::string cpu_model;
  unsigned cpus = 0;  ///< CPUs this process may use, by its affinity
  std::uint64_t memory_bytes = 0;
  std::string kernel;
};

/// Describes this machine. What can't be read stays empty.
Machine describe_machine();

}  // namespace waitlab::client
