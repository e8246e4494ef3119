#include "server/handlers/backend_wait.hpp"

#include "common/http/target.hpp"
#include "server/http/answer.hpp"
#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

#include <algorithm>

namespace waitlab::server {

namespace {

using Outcome = BackendReply::Outcome;

BackendOutcome counted_as(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return BackendOutcome::ok;
    case Outcome::refused:
      return BackendOutcome::refused;
    case Outcome::timed_out:
      return BackendOutcome::timed_out;
    case Outcome::no_resources:
      return BackendOutcome::no_resources;
    case Outcome::failed:
      break;
  }
  return BackendOutcome::failed;
}

unsigned status_for(Outcome outcome) {
  if (outcome == Outcome::timed_out) return 504;
  return outcome == Outcome::no_resources ? 503 : 502;
}

}  // namespace

template <class Io>
BackendWait<Io>::BackendWait(Backend<Io>& backend, std::chrono::nanoseconds timeout, Telemetry& telemetry)
    : backend_(backend), timeout_(timeout), telemetry_(telemetry) {}

template <class Io>
Task<bool> BackendWait<Io>::wait(Io& io, Exchange& exchange, std::optional<std::chrono::nanoseconds> delay) {
  const auto started = std::chrono::steady_clock::now();
  const BackendCall call{target_path(exchange.request.target), exchange.request_id, delay,
                         std::min(started + timeout_, exchange.deadline)};
  const Counted waiting(telemetry_.waiting);
  const BackendReply reply = co_await backend_.call(io, call);
  const auto waited = std::chrono::steady_clock::now() - started;
  exchange.backend += waited;
  telemetry_.backend_time.observe(waited);
  if (reply.retried) telemetry_.backend_retries.add();
  telemetry_.backend[counted_as(reply.outcome)].add();
  if (reply.outcome == Outcome::ok) co_return true;
  set_problem(exchange.response, status_for(reply.outcome), reply.detail);
  co_return false;
}

template class BackendWait<BlockingIo>;
template class BackendWait<LoopIo>;

}  // namespace waitlab::server
