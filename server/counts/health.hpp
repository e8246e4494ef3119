#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

namespace waitlab::server {

/// Whether a server takes requests, and if not, why.
enum class Readiness : std::uint8_t { starting, ready, backend_gone, workers_gone, draining };

/// Whether the backend could be reached, by the last call that could tell (RemoteBackend). A managed one is also down
/// while its process does not run, and up once it does. Not known of a remote one before the first call, nor of a
/// timer.
enum class Reach : std::uint8_t { unknown, up, down };

/// How a server is. Written by the main thread, `backend` also by those that call it. Thread-safe.
struct Health {
  std::atomic<Readiness> readiness{Readiness::starting};
  std::atomic<Reach> backend{Reach::unknown};

  /// Nothing where it is not known.
  std::optional<bool> backend_up() const noexcept {
    const Reach reach = backend;
    return reach == Reach::unknown ? std::nullopt : std::optional(reach == Reach::up);
  }
};

}  // namespace waitlab::server
