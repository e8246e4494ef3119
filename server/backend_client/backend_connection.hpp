#pragma once

#include "common/http/response_parser.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace waitlab::server {

/// A keep-alive connection to the backend with the buffers of its current call.
template <class Io>
struct BackendConnection {
  explicit BackendConnection(std::unique_ptr<typename Io::Socket> connected) : socket(std::move(connected)) {}

  std::unique_ptr<typename Io::Socket> socket;
  ResponseParser response;
  std::string request_text;
  std::array<char, 1024> received;
};

}  // namespace waitlab::server
