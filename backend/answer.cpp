#include "backend/answer.hpp"

#include "backend/profile_settings.hpp"
#include "common/http/response_writer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace waitlab::backend {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view json = "application/json";

Answer served_answer(const HoldRecord& record) {
  const double held_ms = std::chrono::duration<double, std::milli>(record.held).count();
  return {.status = 200,
          .content_type = json,
          .body = fmt::format("{{\"held_ms\":{:.3f}}}", held_ms),
          .fields = {{"Server-Timing", fmt::format("hold;dur={:.3f}", held_ms)}, {"X-Request-Id", record.request_id}}};
}

Answer rejected_answer() {
  Answer answer = problem_answer(503, "the backend serves as many holds at once as the profile's concurrency allows");
  answer.fields.emplace_back("Retry-After", "1");
  return answer;
}

Json counts_json(const HoldCounts& counts) {
  Json values{{"holding", counts.holding}, {"queued", counts.queued}};
  for (std::size_t outcome = 0; outcome < outcome_names.size(); ++outcome)
    values[std::string(outcome_names[outcome])] = counts.ended[outcome];
  return values;
}

}  // namespace

Answer hold_answer(const HoldRecord& record) {
  switch (record.outcome) {
    case Outcome::rejected:
      return rejected_answer();
    case Outcome::expired:
      return problem_answer(504, "the hold was still queued when its caller's deadline passed");
    case Outcome::failed:
      return problem_answer(record.error_status, "the hold failed, as the profile's faults.error has it");
    default:
      break;
  }
  return served_answer(record);
}

Answer status_answer(const Profiles& profiles, const ConnectionCounts& connections) {
  Json status = counts_json(profiles.counts());
  status["connections"] = connections.open;
  status["accept_failures"] = connections.accept_failures;
  for (const auto& [name, counts] : profiles.counts_by_name())
    status["profiles"][name] = counts_json(counts);
  return {.status = 200, .content_type = json, .body = status.dump() + "\n"};
}

Answer profile_answer(const DelayProfile& profile) {
  return {.status = 200, .content_type = json, .body = profile_json(profile)};
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
