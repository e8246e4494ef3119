#pragma once

#include "server/handlers/endpoint.hpp"

namespace waitlab::server {

/// POST /echo: the request body back.
template <class Io>
class Echo final : public Endpoint<Io> {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.content_type = "application/octet-stream";
    exchange.response.body = exchange.request.body;
    co_return;
  }
};

}  // namespace waitlab::server
