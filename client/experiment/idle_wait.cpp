#include "client/experiment/idle_wait.hpp"

#include "client/experiment/server_status.hpp"
#include "common/net/http_get.hpp"

#include <thread>

namespace waitlab::client {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto idle_ask_interval = 50ms;
constexpr auto answer_patience = 2s;

}  // namespace

bool is_idle_within(const std::string& admin_address, std::chrono::milliseconds patience, const std::stop_token& stop) {
  const auto deadline = Clock::now() + patience;
  while (!stop.stop_requested()) {
    const auto answer = http_get(admin_address, "/status", answer_patience);
    if (!answer) return false;
    const auto status = parse_server_status(answer->body);
    if (!status) return false;
    if (status->requests->in_flight == 0 && status->requests->queued == 0) return true;
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(idle_ask_interval);
  }
  return false;
}

}  // namespace waitlab::client
