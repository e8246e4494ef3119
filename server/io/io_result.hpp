#pragma once

#include <cstddef>
#include <system_error>

namespace waitlab::server {

/// What a read or write did. A read of 0 bytes without an error is the peer's end of stream. std::errc::timed_out: the
/// socket's deadline passed. std::errc::operation_canceled: `interrupt` was called.
struct IoResult {
  std::size_t bytes = 0;
  std::error_code error;

  bool failed_with(std::errc code) const noexcept { return error == code; }
};

}  // namespace waitlab::server
