#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace waitlab::client {

/// The ways in which a request can go wrong. The last four are responses that arrived: they complete, and are counted
/// here as well.
enum class ErrorKind {
  connect_refused,
  connect_failed,   ///< any other failure to connect: unreachable, out of ports or descriptors
  connect_timeout,  ///< the time-out passed before the connection stood
  tls_failed,       ///< the handshake failed, or the certificate is not trusted
  reset,            ///< the peer reset the connection
  closed_early,     ///< the peer closed before the response was complete
  bad_response,     ///< bytes that are no HTTP response
  timeout,          ///< the time-out passed before the response was complete
  status_4xx,
  status_5xx,
  unexpected_status,  ///< not one of those the user expects
  unexpected_body,    ///< without the text the user expects
};

/// The names used in results, in the order of `ErrorKind`.
inline constexpr std::array<std::string_view, 12> error_names{
    "connect_refused", "connect_failed", "connect_timeout",   "tls_failed",
    "reset",           "closed_early",   "bad_response",      "timeout",
    "status_4xx",      "status_5xx",     "unexpected_status", "unexpected_body"};

/// What is wrong with a status that nobody said to expect; nothing below 400.
constexpr std::optional<ErrorKind> error_of_status(unsigned status) {
  if (status / 100 == 4) return ErrorKind::status_4xx;
  if (status >= 500) return ErrorKind::status_5xx;
  return std::nullopt;
}

inline constexpr std::string_view error_name(ErrorKind kind) {
  return error_names[static_cast<std::size_t>(kind)];
}

}  // namespace waitlab::client
