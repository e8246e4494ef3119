#include "server/admin/event_stream.hpp"

#include "server/http/answer.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace waitlab::server {

/// One that listens, for as long as it does.
class EventStream::Listener final : public BodyStream {
 public:
  explicit Listener(EventStream& events) : events_(events) { ++events_.listeners_; }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() override { --events_.listeners_; }

  std::chrono::steady_clock::time_point next(std::string& out) override {
    const auto now = std::chrono::steady_clock::now();
    out.append("data: ").append(events_.frames_.at(now)).append("\n\n");
    return LiveFrames::after(now);
  }

 private:
  EventStream& events_;
};

Task<void> EventStream::handle(Io&, Exchange& exchange) {
  if (listeners_ == most_listeners) {
    set_problem(exchange.response, 503, fmt::format("{} listen already; close a page that does", most_listeners));
    co_return;
  }
  exchange.response.content_type = "text/event-stream";
  exchange.response.fields = "Cache-Control: no-store\r\n";
  exchange.stream = std::make_unique<Listener>(*this);
}

}  // namespace waitlab::server
