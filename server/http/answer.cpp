#include "server/http/answer.hpp"

#include "common/http/response_writer.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <ctime>

namespace waitlab::server {

namespace {

constexpr std::string_view retry_after_seconds = "1";

/// Server-Timing durations are milliseconds; three decimals keep the microseconds.
std::string_view format_server_timing(std::array<char, 128>& buffer, const Exchange& exchange) {
  const auto microseconds = [](std::chrono::nanoseconds time) {
    return static_cast<std::uint64_t>(time.count()) / 1000;
  };
  const std::uint64_t queue = microseconds(exchange.queued);
  const std::uint64_t backend = microseconds(exchange.backend);
  const std::uint64_t handler = microseconds(exchange.handler);
  char* const end =
      fmt::format_to(buffer.data(), FMT_COMPILE("queue;dur={}.{:03}, backend;dur={}.{:03}, handler;dur={}.{:03}"),
                     queue / 1000, queue % 1000, backend / 1000, backend % 1000, handler / 1000, handler % 1000);
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

void set_problem(Response& response, unsigned status, std::string_view detail) {
  response.status = status;
  response.content_type = problem_content_type;
  response.body = problem_json(status, detail);
}

void append_answer(std::string& out, const Exchange& exchange) {
  const Response& response = exchange.response;
  std::array<char, 128> timing;
  ResponseWriter writer(out, response.status);
  out.append("Date: ");
  append_http_date(out, std::time(nullptr));
  out.append("\r\n");
  writer.field("Server-Timing", format_server_timing(timing, exchange)).field("X-Request-Id", exchange.request_id);
  if (response.status == 503) writer.field("Retry-After", retry_after_seconds);
  out.append(response.fields);
  if (!exchange.keep_alive) {
    writer.field("Connection", "close");
  } else if (exchange.request.version == 10) {
    writer.field("Connection", "keep-alive");
  }
  writer.field("Content-Type", response.content_type);
  if (exchange.stream) {
    writer.body_until_close();
  } else {
    writer.body(response.body, exchange.request.method == "HEAD");
  }
}

}  // namespace waitlab::server
