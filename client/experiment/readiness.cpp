#include "client/experiment/readiness.hpp"

#include "common/config/units.hpp"
#include "common/net/http_get.hpp"

#include <fmt/format.h>

#include <thread>

namespace waitlab::client {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto ready_ask_interval = 20ms;

}  // namespace

Result<void> wait_until_ready(const Readying& server, const std::stop_token& stop) {
  const auto deadline = Clock::now() + server.within;
  std::string last;
  do {
    const auto answer = http_get(server.address, server.path, server.answer_within);
    if (answer && answer->status >= 200 && answer->status < 400) return {};
    if (auto end = server.ended()) return *end;
    last = answer ? fmt::format("GET {}{}: it answered {}", server.address, server.path, answer->status)
                  : answer.error().message;
    if (stop.stop_requested()) return Failure{server.name + " was interrupted before it was ready"};
    std::this_thread::sleep_for(ready_ask_interval);
  } while (Clock::now() < deadline);
  return Failure{fmt::format("{} was not ready within {}: {}", server.name, format_duration(server.within), last)};
}

}  // namespace waitlab::client
