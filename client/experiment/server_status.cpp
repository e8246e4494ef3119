#include "client/experiment/server_status.hpp"

#include "common/net/http_get.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <thread>

namespace waitlab::client {
namespace {

using nlohmann::json;

std::chrono::nanoseconds from_seconds(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

/// Threads' clocks are read one after the other, so a difference may come out slightly below zero.
template <class Number>
Number less(Number whole, Number part) {
  return whole > part ? whole - part : Number{};
}

RequestsInside read_requests(const json& status) {
  const json& requests = status.at("requests");
  RequestsInside read{.in_flight = requests.at("in_flight"),
                      .queued = requests.at("queued"),
                      .in_flight_peak = requests.at("in_flight_peak"),
                      .queued_peak = requests.at("queued_peak"),
                      .completed = requests.at("completed_total")};
  for (const auto& [reason, count] : status.at("rejected").items())
    read.rejected += count.get<std::uint64_t>();
  return read;
}

ServerStatus read_status(const json& status) {
  const json& switches = status.at("context_switches");
  const json& admin = status.at("admin_thread");
  const json& admin_switches = admin.at("context_switches");
  ServerStatus read;
  read.uptime = from_seconds(status.at("uptime_seconds"));
  read.cpu_time = less(from_seconds(status.at("cpu_seconds")), from_seconds(admin.at("cpu_seconds")));
  const auto own = [&](const char* kind) {
    return less(switches.at(kind).get<std::uint64_t>(), admin_switches.at(kind).get<std::uint64_t>());
  };
  read.voluntary_switches = own("voluntary");
  read.involuntary_switches = own("involuntary");
  read.requests = read_requests(status);
  read.strategy = status.value("strategy", "");
  return read;
}

constexpr auto status_patience = std::chrono::seconds(2);

}  // namespace

Result<ServerStatus> parse_server_status(std::string_view text) {
  try {
    const json status = json::parse(text);
    ServerStatus read = read_status(status);
    if (!status.contains("facts")) return read;
    auto facts = parse_facts(status["facts"].dump(), "facts in the server's /status");
    if (!facts) return facts.error();
    read.facts = std::move(*facts);
    return read;
  } catch (const json::exception& error) {
    return Failure{fmt::format("the server's /status can't be read: {}", error.what())};
  }
}

Result<ServerStatus> ask_status(const std::string& admin_address) {
  const auto answer = http_get(admin_address, "/status", status_patience);
  return answer ? parse_server_status(answer->body) : answer.error();
}

ServerUsage usage_between(const ServerStatus& begin, const ServerStatus& end) {
  ServerUsage usage{.span = less(end.uptime, begin.uptime),
                    .cpu_time = less(end.cpu_time, begin.cpu_time),
                    .voluntary_switches = less(end.voluntary_switches, begin.voluntary_switches),
                    .involuntary_switches = less(end.involuntary_switches, begin.involuntary_switches)};
  if (begin.requests && end.requests) {
    usage.completed = less(end.requests->completed, begin.requests->completed);
    usage.rejected = less(end.requests->rejected, begin.requests->rejected);
  }
  return usage;
}

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto idle_ask_interval = 50ms;

}  // namespace

bool is_idle_within(const std::string& admin_address, std::chrono::milliseconds patience, const std::stop_token& stop) {
  const auto deadline = Clock::now() + patience;
  while (!stop.stop_requested()) {
    const auto status = ask_status(admin_address);
    if (!status) return false;
    if (status->requests->in_flight == 0 && status->requests->queued == 0) return true;
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(idle_ask_interval);
  }
  return false;
}

}  // namespace waitlab::client
