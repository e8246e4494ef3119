#pragma once

#include "common/result.hpp"

#include <string>
#include <string_view>

namespace waitlab::client {

/// What a URL says about where to send requests.
struct Target {
  bool tls = false;         ///< https
  std::string host;         ///< what is looked up: a name, or an address without brackets but with its zone
  std::string proven_name;  ///< what a certificate proves and SNI names: the host without zone and final dot
  std::string port;         ///< decimal
  std::string authority;    ///< for the Host header, as typed but for a zone and codes: host:port, or the host alone
                            ///< where the URL named no port
  std::string origin_form;  ///< path and query as they stand in the request line
};

/// Reads an http:// or https:// URL. A Failure says which part or character is wrong, and what to write. Userinfo is
/// refused, as is a host that is not ASCII; a fragment is dropped. An IPv6 address may have a zone, as in
/// http://[fe80::1%25eth0]:8080/ (RFC 6874).
Result<Target> parse_target(std::string_view url);

/// Whether it can follow a host in a URL and stand in a request line: from the slash on, encoded, without a fragment.
bool is_request_path(std::string_view path);

}  // namespace waitlab::client
