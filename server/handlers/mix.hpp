#pragma once

#include "server/handlers/backend_wait.hpp"
#include "server/handlers/cpu_work.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <utility>

namespace waitlab::server {

/// GET /mix?work=1ms&delay=50ms: CPU work, then a backend call.
template <class Io>
class Mix final : public Endpoint<Io> {
 public:
  explicit Mix(BackendWait<Io> backend) : backend_(std::move(backend)) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"work", "delay"});
    const auto work = parameters ? parameters->duration("work", most_work) : parameters.error();
    const auto delay = parameters ? parameters->duration("delay", longest_delay) : parameters.error();
    if (!work || !delay) {
      set_problem(exchange.response, 400, work ? delay.error().message : work.error().message);
      co_return;
    }
    burn_cpu(work->value_or(default_work));
    const bool answered = co_await backend_.wait(io, exchange, *delay);
    if (answered) exchange.response.body = "worked and waited\n";
  }

 private:
  static constexpr std::chrono::milliseconds default_work{1};

  BackendWait<Io> backend_;
};

}  // namespace waitlab::server
