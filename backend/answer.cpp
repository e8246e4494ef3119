#include "backend/answer.hpp"

#include "common/http/response_writer.hpp"

#include <fmt/format.h>

#include <chrono>

namespace waitlab::backend {
namespace {

constexpr std::string_view json = "application/json";

Answer served_answer(const HoldRecord& record) {
  const double held_ms = std::chrono::duration<double, std::milli>(record.held).count();
  return {.status = 200,
          .content_type = json,
          .body = fmt::format("{{\"held_ms\":{:.3f}}}", held_ms),
          .fields = {{"Server-Timing", fmt::format("hold;dur={:.3f}", held_ms)}, {"X-Request-Id", record.request_id}}};
}

Answer rejected_answer() {
  Answer answer = problem_answer(503, "the backend serves as many holds at once as profile.concurrency allows");
  answer.fields.emplace_back("Retry-After", "1");
  return answer;
}

}  // namespace

Answer hold_answer(const HoldRecord& record) {
  switch (record.outcome) {
    case Outcome::rejected:
      return rejected_answer();
    case Outcome::expired:
      return problem_answer(504, "the hold was still queued when its caller's deadline passed");
    case Outcome::served:
    case Outcome::aborted:
      break;
  }
  return served_answer(record);
}

Answer status_answer(const HoldCounts& holds, const ConnectionCounts& connections) {
  return {.status = 200,
          .content_type = json,
          .body = fmt::format("{{\"holding\":{},\"queued\":{},\"served\":{},\"rejected\":{},\"expired\":{},"
                              "\"aborted\":{},\"connections\":{},\"accept_failures\":{}}}\n",
                              holds.holding, holds.queued, holds.served, holds.rejected, holds.expired, holds.aborted,
                              connections.open, connections.accept_failures)};
}

Answer health_answer() {
  return {.status = 200, .content_type = "text/plain", .body = "ok\n"};
}

Answer problem_answer(unsigned status, std::string_view detail) {
  return {.status = status, .content_type = problem_content_type, .body = problem_json(status, detail)};
}

void write_answer(std::string& out, const Answer& answer, const Framing& framing) {
  ResponseWriter writer(out, answer.status);
  writer.field("Content-Type", answer.content_type);
  for (const auto& [name, value] : answer.fields)
    writer.field(name, value);
  if (!framing.keep_alive) {
    writer.field("Connection", "close");
  } else if (framing.version == 10) {
    writer.field("Connection", "keep-alive");
  }
  writer.body(answer.body, framing.to_head);
}

}  // namespace waitlab::backend
