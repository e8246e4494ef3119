#pragma once

#include "server/handlers/endpoint.hpp"

namespace waitlab::server {

/// GET /plain: a fixed tiny body, the raw cost of a request.
template <class Io>
class Plain final : public Endpoint<Io> {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.body = "plain\n";
    co_return;
  }
  bool quick() const noexcept override { return true; }
};

}  // namespace waitlab::server
