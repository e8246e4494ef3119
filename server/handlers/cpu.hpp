#pragma once

#include "server/handlers/cpu_work.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

namespace waitlab::server {

/// GET /cpu?work=2ms: burns CPU on the thread that handles it, which is what an event loop must not do.
template <class Io>
class Cpu final : public Endpoint<Io> {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"work"});
    const auto work = parameters ? parameters->duration("work", most_work) : parameters.error();
    if (!work) {
      set_problem(exchange.response, 400, work.error().message);
      co_return;
    }
    burn_cpu(work->value_or(default_work));
    exchange.response.body = "worked\n";
  }

 private:
  static constexpr std::chrono::milliseconds default_work{2};
};

}  // namespace waitlab::server
