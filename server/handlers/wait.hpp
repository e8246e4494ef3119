#pragma once

#include "server/handlers/backend_wait.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <utility>

namespace waitlab::server {

/// GET /wait?delay=50ms: one backend call; without `delay` as long as the profile draws.
template <class Io>
class Wait final : public Endpoint<Io> {
 public:
  explicit Wait(BackendWait<Io> backend) : backend_(std::move(backend)) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"delay"});
    const auto delay = parameters ? parameters->duration("delay", longest_delay) : parameters.error();
    if (!delay) {
      set_problem(exchange.response, 400, delay.error().message);
      co_return;
    }
    const bool answered = co_await backend_.wait(io, exchange, *delay);
    if (answered) exchange.response.body = "waited\n";
  }

 private:
  BackendWait<Io> backend_;
};

}  // namespace waitlab::server
