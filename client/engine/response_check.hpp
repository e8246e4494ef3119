#pragma once

#include "client/engine/load_run.hpp"
#include "client/record/load_record.hpp"
#include "common/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace waitlab {
class ResponseParser;
}

namespace waitlab::client {

/// Statuses from `first` to `last`.
struct StatusRange {
  unsigned first = 0;
  unsigned last = 0;
};

/// Reads "200" or "2xx"; Failure for anything else.
Result<StatusRange> parse_status_range(std::string_view text);

/// Holds responses against what the user expects. Immutable, so safe to share.
class ResponseCheck {
 public:
  /// The statuses must be such as `parse_status_range` reads.
  explicit ResponseCheck(const Expectations& expectations);

  /// What each body must hold; empty: anything will do.
  const std::string& wanted_body() const noexcept { return body_; }
  /// A complete response; its parser must have looked for `wanted_body`.
  ResponseSeen look_at(const ResponseParser& response) const;

 private:
  std::vector<StatusRange> statuses_;
  std::string body_;
};

}  // namespace waitlab::client
