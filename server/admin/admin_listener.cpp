#include "server/admin/admin_listener.hpp"

#include "common/process/resource_limits.hpp"
#include "server/http/answer.hpp"
#include "server/telemetry/metrics.hpp"
#include "server/telemetry/status.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience_at_end{1};

/// Answers with a text made afresh for each request.
class TextEndpoint final : public Endpoint<LoopIo> {
 public:
  TextEndpoint(std::string_view content_type, std::function<std::string()> make)
      : content_type_(content_type), make_(std::move(make)) {}

  Task<void> handle(LoopIo&, Exchange& exchange) override {
    exchange.response.content_type = content_type_;
    exchange.response.body = make_();
    co_return;
  }

 private:
  std::string_view content_type_;
  std::function<std::string()> make_;
};

class Readiness final : public Endpoint<LoopIo> {
 public:
  explicit Readiness(const std::atomic<bool>& ready) : ready_(ready) {}

  Task<void> handle(LoopIo&, Exchange& exchange) override {
    if (ready_) {
      exchange.response.body = "ready\n";
    } else {
      set_problem(exchange.response, 503, "the server is starting or draining");
    }
    co_return;
  }

 private:
  const std::atomic<bool>& ready_;
};

}  // namespace

AdminListener::AdminListener(Listener& listener, const Telemetries& telemetries, const std::atomic<bool>& ready,
                             ServerIdentity& identity)
    : server_(loop_, {routes_, telemetry_, identity, {}}) {
  const auto started = Clock::now();
  routes_.add("GET", "/metrics", std::make_unique<TextEndpoint>("text/plain; version=0.0.4", [&telemetries] {
                return prometheus_text(telemetries.all());
              }));
  routes_.add("GET", "/status", std::make_unique<TextEndpoint>("application/json", [&telemetries, started] {
                return status_json(telemetries.current(), telemetries.all(), resource_limits(), started);
              }));
  routes_.add("GET", "/healthz", std::make_unique<TextEndpoint>("text/plain", [] { return std::string("ok\n"); }));
  routes_.add("GET", "/readyz", std::make_unique<Readiness>(ready));
  server_.accept_from(listener);
}

AdminListener::~AdminListener() {
  server_.retire({});
  server_.wait_drained(Clock::now() + patience_at_end);
}

}  // namespace waitlab::server
