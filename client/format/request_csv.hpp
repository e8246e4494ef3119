#pragma once

#include "client/record/load_result.hpp"
#include "client/record/request_row.hpp"

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace waitlab::client {

/// The per-request log of a run as CSV (RFC 4180, with lines that end in a bare newline): one row for each measured
/// request, in the order in which they ended. A value that is not known or does not apply is empty. Times in
/// nanoseconds; the intended start, the send and the end count from the start of the run. The response time of a
/// request that timed out is the least it took. Not thread-safe.
class RequestCsv {
 public:
  /// Writes the header. `seed` is that of the run, which its request ids begin with; `targets` names the targets of a
  /// mix, or the one request. The stream must outlive this; whether it could be written, it says itself.
  RequestCsv(std::ostream& stream, std::uint64_t seed, const std::vector<TargetName>& targets);

  void add(std::span<const RequestRow> rows);

 private:
  void add_row(const RequestRow& row);
  void add_value(std::string_view value);
  void add_number(std::uint64_t number);
  void add_time(std::optional<std::chrono::nanoseconds> time);

  std::ostream& stream_;
  std::uint64_t seed_;
  std::vector<std::string> targets_;  ///< "GET /wait", as values
  std::string lines_;                 ///< not written yet; kept for its memory
};

}  // namespace waitlab::client
