#include "client/record/notes.hpp"

#include <fmt/format.h>

namespace waitlab::client {

std::vector<std::string> notes_on(const LoadResult& result) {
  const LoadRecord& record = result.record;
  const RequestCounts& requests = record.requests;
  const auto many = [&requests](std::uint64_t count) { return count * 100 > requests.sent; };
  std::vector<std::string> notes;
  if (many(requests.failed)) {
    notes.push_back(fmt::format("{} of {} requests failed and are in none of the times: {} completed", requests.failed,
                                requests.sent, requests.completed));
  }
  if (many(requests.timed_out)) {
    notes.push_back(fmt::format("{} of {} requests timed out: the times count each of them as the least it took",
                                requests.timed_out, requests.sent));
  }
  const auto error_statuses = record.error(ErrorKind::status_4xx).count + record.error(ErrorKind::status_5xx).count;
  if (many(error_statuses)) {
    notes.push_back(fmt::format("{} of {} requests were answered with an error status: the times include theirs",
                                error_statuses, requests.sent));
  }
  return notes;
}

}  // namespace waitlab::client
