#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace waitlab {

/// Parses HTTP/1.x responses from bytes, without sockets. Reusable: `start` begins the next message and keeps the
/// buffers, so a warm parser does not allocate. Not thread-safe.
class ResponseParser {
 public:
  ResponseParser();
  ~ResponseParser();
  ResponseParser(ResponseParser&&) noexcept;
  ResponseParser& operator=(ResponseParser&&) noexcept;

  /// Begins a new response; `to_head` when the request was HEAD (its response has no body).
  void start(bool to_head);

  /// Takes bytes and returns how many it used; the rest must be shown again, followed by newer ones. Bytes past the end
  /// of the response are never used.
  std::size_t put(std::string_view bytes);

  /// Tells that the peer closed: ends a response delimited by close, makes any other unfinished one an error.
  void put_eof();

  bool complete() const;
  bool failed() const;
  /// What was wrong with the response; empty unless `failed()`.
  const std::string& error() const;

  /// These are meaningful once the head is complete.
  bool head_complete() const;
  unsigned status() const;
  bool keep_alive() const;                 ///< whether the connection may carry another request
  std::string_view server_timing() const;  ///< the Server-Timing fields as one list, or empty
  std::uint64_t body_bytes() const;        ///< body bytes received so far, after de-chunking
  std::string_view body() const;           ///< the body, where `keep_body(true)` was asked for
  void keep_body(bool keep);

 private:
  class Message;
  std::unique_ptr<Message> message_;
};

}  // namespace waitlab
