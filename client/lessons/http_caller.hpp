#pragma once

#include "common/http/response_parser.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::client {

/// A client that keeps its connection and blocks for each answer, as a plain program would. Move-only; use one from one
/// thread.
class HttpCaller {
 public:
  /// Connects to a HOST:PORT, and asks once for /plain: the server then has whatever it makes for a connection.
  static Result<HttpCaller> connect(const std::string& address);

  /// Blocks until the whole answer to GET `target` is there, at most 20 s for each part of it. Returns whether there is
  /// one with status 200; after any other the connection is of no use.
  bool ask(const std::string& target);

  /// Of the last answer.
  std::string body() const { return std::string(parser_.body()); }

 private:
  explicit HttpCaller(FileDescriptor socket);

  FileDescriptor socket_;
  ResponseParser parser_;
};

}  // namespace waitlab::client
