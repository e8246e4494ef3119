#include "server/backend_client/backend.hpp"

#include <algorithm>

namespace waitlab::server {

Task<BackendReply> TimerBackend::call(Io& io, const BackendCall& call) {
  const auto profile = profiles_.find(call.profile);
  if (!profile) co_return BackendReply{BackendReply::Outcome::unknown_profile, profile.error().message};
  const auto delay = call.delay ? *call.delay : draw_delay(**profile, call.route, call.request_id);
  const auto done = std::chrono::steady_clock::now() + delay;
  auto sleeping = io.sleep_until(std::min(done, call.deadline), call.client);
  const bool slept = co_await sleeping;
  BackendReply reply;
  if (!slept) reply = {BackendReply::Outcome::abandoned, "the client has gone"};
  if (slept && done > call.deadline) reply = {BackendReply::Outcome::timed_out, "the wait is longer than the time-out"};
  co_return reply;
}

}  // namespace waitlab::server
