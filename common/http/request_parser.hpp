#pragma once

#include "common/http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace waitlab {

struct RequestLimits {
  /// Request line and fields; more is 414 if the line alone is longer, else 431. Chunk extensions and trailer fields of
  /// one message may together be as long again.
  std::uint32_t header_bytes = 16 * 1024;
  std::uint64_t body_bytes = 1024 * 1024;  ///< body after de-chunking; more is 413
};

/// Why a request can't be served as sent: the status to answer with (4xx or 5xx) and what was wrong.
struct RequestError {
  unsigned status = 400;
  std::string_view detail;  ///< static text
};

/// Parses HTTP/1.x requests from bytes, without sockets, so that the same bytes mean the same under every strategy and
/// however they come. Strict where RFC 9112 guards against request smuggling: obs-fold, bare LF, a repeated or
/// malformed Host, any Transfer-Encoding but `chunked`, Transfer-Encoding beside Content-Length and a repeated
/// Content-Length are errors. Reusable: `start` begins the next message and keeps the buffers, so a warm parser does
/// not allocate. Not thread-safe; movable between threads while no call is in progress.
class RequestParser {
 public:
  explicit RequestParser(RequestLimits limits = {});
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  const RequestLimits& limits() const;

  /// Forgets the current request and begins the next.
  void start();

  /// Takes bytes and returns how many it used: all, unless the request is complete before or there is an error. Bytes
  /// past the end of the request are never used. After an error nothing more is used.
  std::size_t put(std::string_view bytes);

  /// Ends a request of which no more will be read, so that `request` has what came of its method.
  void give_up();

  /// Whether the client may wait to be asked for the body (RFC 9110 section 10.1.1): none of it has come.
  bool expects_continue() const;

  bool started() const;  ///< whether any byte of the current request came
  bool head_complete() const;
  bool complete() const;
  const std::optional<RequestError>& error() const;

  /// Meaningful once the head is complete; the body once the request is. After an error or `give_up` it has the method
  /// and version, if they came, and what could be read of the fields, so that the refusal can obey them.
  const Request& request() const;

 private:
  class Message;
  std::unique_ptr<Message> message_;
};

}  // namespace waitlab
