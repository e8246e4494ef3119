#pragma once

#include "common/clock/unix_clock.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// One request as the server's request log tells of it.
struct LoggedRequest {
  std::string request_id;
  UnixTime enqueued;
  std::optional<UnixTime> started;  ///< nothing if it was turned away unserved
  UnixTime ended;
  unsigned status = 0;
  std::string strategy;
};

/// The requests in a server's request log (`telemetry.request_log`), in its order, which is that in which they ended.
/// Lines that are not of its form are passed over. Failure if the file can't be read or its header is another.
Result<std::vector<LoggedRequest>> read_server_log(const std::string& path);
Result<std::vector<LoggedRequest>> read_server_log(std::istream& log, const std::string& name);

/// A request id of our own client: `<seed in hex>-<number in 12 digits>`.
struct ClientRequestId {
  std::string_view seed;
  std::uint64_t number = 0;
};
std::optional<ClientRequestId> parse_client_request_id(std::string_view id);

}  // namespace waitlab::client
