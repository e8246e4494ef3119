#include "server/admin/admin_listener.hpp"

#include "common/process/resource_limits.hpp"
#include "server/admin/event_stream.hpp"
#include "server/admin/trace_recording.hpp"
#include "server/http/answer.hpp"
#include "server/telemetry/views.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab {

/// The page in page/, with its scripts and styles, built into the program (cmake/page.cmake).
extern const std::string_view live_page;

/// The security policy that lets it run, look as it should, and listen to /events, and nothing else.
extern const std::string_view live_page_policy;

}  // namespace waitlab

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience_at_end{1};

/// Answers with a text made afresh for each request.
class TextEndpoint final : public Endpoint {
 public:
  TextEndpoint(std::string_view content_type, std::function<std::string()> make)
      : content_type_(content_type), make_(std::move(make)) {}

  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.content_type = content_type_;
    exchange.response.body = make_();
    co_return;
  }

 private:
  std::string_view content_type_;
  std::function<std::string()> make_;
};

class ReadinessEndpoint final : public Endpoint {
 public:
  explicit ReadinessEndpoint(const Health& health) : health_(health) {}

  Task<void> handle(Io&, Exchange& exchange) override {
    const Readiness readiness = health_.readiness;
    if (readiness == Readiness::ready) {
      exchange.response.body = "ready\n";
    } else {
      set_problem(exchange.response, 503, why_not(readiness));
    }
    co_return;
  }

 private:
  static std::string_view why_not(Readiness readiness) {
    if (readiness == Readiness::starting) return "the server is starting";
    if (readiness == Readiness::draining)
      return "the server is draining: it finishes the requests it has, and accepts no new connections";
    if (readiness == Readiness::workers_gone)
      return "what forks a process for each request has ended, and is being started again; the log says why";
    return "the backend that the server started has ended, and is being started again; the log says why";
  }

  const Health& health_;
};

/// The page that /events moves, and the policy that lets it do just that.
class LivePage final : public Endpoint {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.content_type = "text/html; charset=utf-8";
    exchange.response.fields = fields_;
    exchange.response.body = live_page;
    co_return;
  }

 private:
  const std::string fields_ = fmt::format(
      "Content-Security-Policy: {}; frame-ancestors 'none'\r\n"
      "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n",
      live_page_policy);
};

}  // namespace

AdminListener::AdminListener(Listener& listener, Telemetries& telemetries, const Health& health, Accounts& accounts)
    : server_(loop_.context, loop_.io, {site_, telemetry_, routes_, {}}, Answers::sent) {
  add_routes(telemetries, health, accounts);
  server_.accept_from(listener);
}

AdminListener::~AdminListener() {
  site_.shared->draining = true;
  server_.retire({});
  server_.wait_drained(Clock::now() + patience_at_end);
}

void AdminListener::add_routes(Telemetries& telemetries, const Health& health, Accounts& accounts) {
  const auto started = Clock::now();
  routes_.add("GET", "/", std::make_unique<LivePage>());
  routes_.add("GET", "/events", std::make_unique<EventStream>(telemetries, accounts));
  routes_.add("GET", "/trace", std::make_unique<TraceRecording>(telemetries, site_.shared->draining));
  routes_.add("GET", "/metrics", std::make_unique<TextEndpoint>("text/plain; version=0.0.4", [&telemetries, &health] {
                return prometheus_text(telemetries.all(), health.backend_up());
              }));
  routes_.add("GET", "/status", std::make_unique<TextEndpoint>("application/json", [&, started] {
                const Telemetries::Moment moment = telemetries.now();
                return status_json(moment.running, moment.all, health.backend_up(), accounts.deadlocks(),
                                   resource_limits(), started);
              }));
  routes_.add("GET", "/healthz", std::make_unique<TextEndpoint>("text/plain", [] { return std::string("ok\n"); }));
  routes_.add("GET", "/readyz", std::make_unique<ReadinessEndpoint>(health));
}

}  // namespace waitlab::server
