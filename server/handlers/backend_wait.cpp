#include "server/handlers/backend_wait.hpp"

#include "common/http/target.hpp"
#include "server/http/answer.hpp"
#include "server/io/all_at_once.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace waitlab::server {

namespace {

using Outcome = BackendReply::Outcome;

unsigned status_for(Outcome outcome) {
  if (outcome == Outcome::timed_out) return 504;
  if (outcome == Outcome::unknown_profile) return 400;
  return outcome == Outcome::no_resources ? 503 : 502;
}

/// The answer to a request of which a call has failed.
void fail(Exchange& exchange, Outcome outcome, std::string_view detail) {
  exchange.abandoned = exchange.abandoned || outcome == Outcome::abandoned;
  const std::string_view whose = outcome == Outcome::unknown_profile ? "parameter 'backend': " : "";
  set_problem(exchange.response, status_for(outcome), fmt::format("{}{}", whose, detail));
}

}  // namespace

Result<BackendWait::Wish> read_wish(const Parameters& parameters) {
  constexpr std::chrono::minutes longest_delay{1};
  constexpr std::size_t longest_profile_name = 64;
  const auto delay = parameters.duration("delay", longest_delay);
  if (!delay) return delay.error();
  const auto profile = parameters.text("backend", longest_profile_name);
  if (!profile) return profile.error();
  return BackendWait::Wish{*delay, profile->value_or("")};
}

BackendWait::BackendWait(Backend& backend, std::chrono::nanoseconds timeout, Telemetry& telemetry)
    : backend_(backend), timeout_(timeout), telemetry_(telemetry) {}

/// A request that waits for the backend, and is timed, for as long as this lives.
class BackendWait::Waiting {
 public:
  Waiting(Telemetry& telemetry, Exchange& exchange) : telemetry_(telemetry), exchange_(exchange) {
    exchange_.state->wait();
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    exchange_.state->run();
    const auto waited = std::chrono::steady_clock::now() - started_;
    exchange_.backend += waited;
    count(telemetry_.counts.here().backend_time, waited);
  }

 private:
  Telemetry& telemetry_;
  Exchange& exchange_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

Task<bool> BackendWait::wait(Io& io, Exchange& exchange, const Wish& wish) {
  const BackendReply reply = co_await ask(io, exchange, 0, wish);
  if (reply.outcome == Outcome::ok) co_return true;
  fail(exchange, reply.outcome, reply.detail);
  co_return false;
}

Task<bool> BackendWait::wait_for_each(Io& io, Exchange& exchange, std::uint32_t calls, const Wish& wish) {
  for (std::uint32_t number = 1; number <= calls; ++number) {
    const BackendReply reply = co_await ask(io, exchange, number, wish);
    if (reply.outcome == Outcome::ok) continue;
    fail(exchange, reply.outcome, fmt::format("call {} of {}: {}", number, calls, reply.detail));
    co_return false;
  }
  co_return true;
}

Task<bool> BackendWait::wait_for_all(Io& io, Exchange& exchange, std::uint32_t calls, const Wish& wish) {
  std::vector<BackendCall> each;
  for (std::uint32_t number = 1; number <= calls; ++number)
    each.push_back(call_of(exchange, number, wish));
  const auto start = [this, &each](Io& gathered, std::size_t index) { return backend_.call(gathered, each[index]); };
  std::vector<BackendReply> replies;
  {
    const Waiting waiting(telemetry_, exchange);
    replies = co_await all_at_once<BackendReply>(io, calls, start);
  }
  for (const BackendReply& reply : replies)
    count_reply(reply);
  const auto failed = [](const BackendReply& reply) { return reply.outcome != Outcome::ok; };
  const auto first = std::ranges::find_if(replies, failed);
  if (first == replies.end()) co_return true;
  exchange.abandoned = std::ranges::count(replies, Outcome::abandoned, &BackendReply::outcome) > 0;
  fail(exchange, first->outcome,
       fmt::format("{} of {} calls failed; call {}: {}", std::ranges::count_if(replies, failed), calls,
                   first - replies.begin() + 1, first->detail));
  co_return false;
}

Task<BackendReply> BackendWait::ask(Io& io, Exchange& exchange, std::uint32_t number, const Wish& wish) {
  const BackendCall call = call_of(exchange, number, wish);
  const Waiting waiting(telemetry_, exchange);
  BackendReply reply = co_await backend_.call(io, call);
  count_reply(reply);
  co_return reply;
}

/// `number`: of several calls for the request, from 1; 0: the only one.
BackendCall BackendWait::call_of(const Exchange& exchange, std::uint32_t number, const Wish& wish) const {
  const std::string_view path = target_path(exchange.request.target);
  return {number == 0 ? std::string(path) : fmt::format("{}/{}", path, number),
          exchange.request_id,
          wish.delay,
          wish.profile,
          std::min(std::chrono::steady_clock::now() + timeout_, exchange.deadline),
          exchange.client};
}

void BackendWait::count_reply(const BackendReply& reply) const {
  if (reply.retried) count(telemetry_.counts.here().backend_retries);
  count(telemetry_.counts.here().backend[reply.outcome]);
}

}  // namespace waitlab::server
