#include "client/engine/response_check.hpp"

#include "common/http/response_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace waitlab::client {

Result<StatusRange> parse_status_range(std::string_view text) {
  const auto digit = [text](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
  const bool shaped = text.size() == 3 && text[0] >= '1' && text[0] <= '5';
  if (shaped && text.substr(1) == "xx") return StatusRange{digit(0) * 100, digit(0) * 100 + 99};
  if (!shaped || std::isdigit(static_cast<unsigned char>(text[1])) == 0 ||
      std::isdigit(static_cast<unsigned char>(text[2])) == 0) {
    return Failure{fmt::format("expected status '{}' is none; write it like 200 or 2xx", text)};
  }
  const unsigned status = digit(0) * 100 + digit(1) * 10 + digit(2);
  return StatusRange{status, status};
}

ResponseCheck::ResponseCheck(const Expectations& expectations) : body_(expectations.body) {
  for (const std::string& status : expectations.statuses)
    statuses_.push_back(parse_status_range(status).value());
}

ResponseSeen ResponseCheck::look_at(const ResponseParser& response) const {
  ResponseSeen seen(response.status());
  if (!statuses_.empty()) {
    const bool expected = std::any_of(statuses_.begin(), statuses_.end(), [&seen](const StatusRange& range) {
      return range.first <= seen.status && seen.status <= range.last;
    });
    seen.unwanted = expected ? std::nullopt : std::optional(ErrorKind::unexpected_status);
  }
  if (!seen.unwanted && !body_.empty() && !response.found()) {
    seen.unwanted = ErrorKind::unexpected_body;
  }
  if (!response.server_timing().empty()) seen.timing = parse_server_timing(response.server_timing());
  return seen;
}

}  // namespace waitlab::client
