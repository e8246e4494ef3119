#pragma once

#include "common/result.hpp"

#include <string>
#include <string_view>

namespace waitlab::client {

/// What a URL says about where to send requests.
struct Target {
  bool tls = false;         ///< https
  std::string host;         ///< a name, or an address without brackets
  std::string port;         ///< decimal
  std::string authority;    ///< for the Host header: host:port, or the host alone where the URL named no port
  std::string origin_form;  ///< path and query as they stand in the request line
};

/// Reads an http:// or https:// URL. Failure where there is no host, the scheme is another, or the port is none.
/// Userinfo is refused; a fragment is dropped.
Result<Target> parse_target(std::string_view url);

/// Whether it can follow a host in a URL and stand in a request line: from the slash on, encoded, without a fragment.
bool is_request_path(std::string_view path);

}  // namespace waitlab::client
