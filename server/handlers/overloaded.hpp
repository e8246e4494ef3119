#pragma once

#include "server/handlers/endpoint.hpp"
#include "server/http/answer.hpp"
#include "server/telemetry/telemetry.hpp"

namespace waitlab::server {

/// What a request meets that there is no room for: 503, with Retry-After, counted.
template <class Io>
class Overloaded final : public Router<Io>, public Endpoint<Io> {
 public:
  /// `detail` is static text.
  Overloaded(std::string_view detail, Counter& rejected) : detail_(detail), rejected_(rejected) {}

  Endpoint<Io>& route(const Request&) override { return *this; }
  Task<void> handle(Io&, Exchange& exchange) override {
    rejected_.add();
    set_problem(exchange.response, 503, detail_);
    co_return;
  }
  bool quick() const noexcept override { return true; }

 private:
  std::string_view detail_;
  Counter& rejected_;
};

}  // namespace waitlab::server
