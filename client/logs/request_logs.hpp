#pragma once

#include "common/clock/unix_clock.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// Goes through a CSV file whose header line names its columns. A line that lacks values is passed over: a file that is
/// still being written ends anywhere. The stream must outlive it.
class LogTable {
 public:
  /// Reads the header line.
  explicit LogTable(std::istream& log);

  /// The place of a column; nothing if the header does not name it.
  std::optional<std::size_t> column(std::string_view name) const;

  /// Goes to the next whole line, the first at first; false at the end.
  bool next();

  const std::string& text(std::size_t column) const { return values_[column]; }
  /// Nothing where the value is no whole number.
  std::optional<std::chrono::nanoseconds> time(std::size_t column) const;
  std::optional<UnixTime> moment(std::size_t column) const;

 private:
  std::istream& log_;
  std::vector<std::string> names_;
  std::vector<std::string> values_;
  std::string line_;
};

/// One request that the backend held and served.
struct Hold {
  std::string request_id;
  UnixTime arrival;
  std::chrono::nanoseconds queued{0};  ///< until the backend began to hold it
  std::chrono::nanoseconds held{0};    ///< as the backend's clock says
};

/// The holds in the backend's hold log: CSV with a header line that names `request_id`, `arrival_ns`, `queued_ns`,
/// `held_ns` and `outcome`. Lines that are not of that form, and holds that did not end as they should, are passed
/// over.
std::vector<Hold> read_holds(std::istream& hold_log);

/// The same from a file. Failure if it can't be read or its header is another.
Result<std::vector<Hold>> read_hold_log(const std::string& path);

/// The mean of those that arrived from `begin` to `end`, or nothing if none did.
std::optional<std::chrono::nanoseconds> mean_hold(const std::vector<Hold>& holds, UnixTime begin, UnixTime end);

/// One request as the server's request log tells of it.
struct LoggedRequest {
  std::string request_id;
  UnixTime enqueued;
  std::optional<UnixTime> started;  ///< nothing if it was rejected
  UnixTime ended;
  unsigned status = 0;
  std::string strategy;
  std::shared_ptr<const StrategyFacts> facts{};  ///< of it, but for the texts; null in older logs
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
