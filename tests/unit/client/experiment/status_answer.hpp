#pragma once

#include "client/experiment/server_status.hpp"

#include <fmt/format.h>

#include <string>

namespace waitlab::client {

/// A server's answer to /status, with these requests in it.
inline std::string status_answer(const RequestsInside& requests) {
  const std::string body = fmt::format(
      R"({{"uptime_seconds": 1, "cpu_seconds": 0, "context_switches": {{"voluntary": 0, "involuntary": 0}},
           "requests": {{"in_flight": {}, "queued": {}, "in_flight_peak": {}, "queued_peak": {}, "completed_total": {}}},
           "rejected": {{}},
           "admin_thread": {{"cpu_seconds": 0, "context_switches": {{"voluntary": 0, "involuntary": 0}}}}}})",
      requests.in_flight, requests.queued, requests.in_flight_peak, requests.queued_peak, requests.completed);
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

}  // namespace waitlab::client
