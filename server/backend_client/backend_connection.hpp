#pragma once

#include "common/http/response_parser.hpp"
#include "server/io/io.hpp"

#include <memory>
#include <string>
#include <utility>

namespace waitlab::server {

/// A keep-alive connection to the backend with what its current call sends and receives.
struct BackendConnection {
  explicit BackendConnection(std::unique_ptr<Socket> connected) : socket(std::move(connected)) {}

  std::unique_ptr<Socket> socket;
  ResponseParser response;
  std::string request_text;
  InputBuffer in;
};

}  // namespace waitlab::server
