#pragma once

#include "server/handlers/backend_wait.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace waitlab::server {

/// GET /fanout?calls=5&mode=parallel|sequential&delay=50ms: several backend calls for one request, at the same time or
/// one after the other. Of n exponential delays of mean S, parallel calls wait S x (1 + 1/2 + ... + 1/n) on average,
/// sequential ones S x n.
template <class Io>
class Fanout final : public Endpoint<Io> {
 public:
  explicit Fanout(BackendWait<Io> backend) : backend_(std::move(backend)) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto asked = read(exchange);
    if (!asked) {
      set_problem(exchange.response, 400, asked.error().message);
      co_return;
    }
    auto waiting = asked->sequential ? backend_.wait_for_each(io, exchange, asked->calls, asked->delay)
                                     : backend_.wait_for_all(io, exchange, asked->calls, asked->delay);
    const bool answered = co_await waiting;
    if (answered) exchange.response.body = fmt::format("{} calls answered\n", asked->calls);
  }

 private:
  static constexpr std::uint32_t default_calls = 5;
  static constexpr std::uint32_t most_calls = 64;

  struct Asked {
    std::uint32_t calls;
    bool sequential;
    std::optional<std::chrono::nanoseconds> delay;
  };

  static Result<Asked> read(const Exchange& exchange) {
    const auto parameters = Parameters::parse(exchange.request.target, {"calls", "mode", "delay"});
    if (!parameters) return parameters.error();
    const auto calls = parameters->integer("calls", 1, most_calls);
    if (!calls) return calls.error();
    const auto mode = parameters->choice("mode", {"parallel", "sequential"});
    if (!mode) return mode.error();
    const auto delay = parameters->duration("delay", longest_delay);
    if (!delay) return delay.error();
    return Asked{calls->value_or(default_calls), *mode == 1, *delay};
  }

  BackendWait<Io> backend_;
};

}  // namespace waitlab::server
