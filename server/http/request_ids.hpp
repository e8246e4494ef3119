#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab::server {

/// Names requests whose client did not. Unique within a process and, by its random salt, very likely between processes.
/// Thread-safe.
class RequestIds {
 public:
  RequestIds();

  /// Writes the client's id to `id` if it is valid (1 to 128 letters, digits, '-', '_', '.', ':'), else a fresh one.
  void assign(std::string& id, std::string_view from_client);

 private:
  std::uint64_t salt_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace waitlab::server
