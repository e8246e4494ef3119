#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace waitlab {

/// What the request asked its connection to become (RFC 9110 sections 7.8 and 9.3.6).
enum class Asked : std::uint8_t {
  nothing,  ///< a connection of HTTP, as before
  tunnel,   ///< by CONNECT: a 2xx response makes it one
  upgrade,  ///< by an Upgrade field: a 101 response makes it speak another protocol
};

/// Parses HTTP/1.x responses from bytes, without sockets, however the bytes come. A response ends where its status says
/// so, whatever its fields say: after the head of 101, 204 and 304, of an answer to HEAD, and of a 2xx to CONNECT; else
/// by RFC 9112 section 6.3. Interim responses (1xx but 101) are passed over. Errors are a response whose length is told
/// twice or wrongly, another version than HTTP/1.x, a 101 that the request did not ask for, and more than
/// `most_head_bytes` of heads, interim ones included, or of chunk extensions and trailer fields. Reusable: `start`
/// begins the next message and keeps the buffers, so a warm parser does not allocate. Not thread-safe.
class ResponseParser {
 public:
  static constexpr std::size_t most_head_bytes = 64 * 1024;

  ResponseParser();
  ~ResponseParser();
  ResponseParser(ResponseParser&&) noexcept;
  ResponseParser& operator=(ResponseParser&&) noexcept;

  /// Begins a new response; `to_head` when the request was HEAD (its response has no body).
  void start(bool to_head, Asked asked = Asked::nothing);

  /// Takes bytes and returns how many it used: all, unless the response has ended or failed before. Bytes past the end
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
  bool keep_alive() const;  ///< whether the connection may carry another request
  bool left_http() const;   ///< the response makes the connection what was `Asked`: what follows is not HTTP
  std::string_view server_timing() const;  ///< the Server-Timing fields as one list, or empty
  std::uint64_t body_bytes() const;        ///< body bytes received so far, after de-chunking
  std::string_view body() const;           ///< the body, where `keep_body(true)` was asked for
  void keep_body(bool keep);
  /// Has it look for a text in every body, of which it keeps no more than that takes; empty: for none.
  void look_for(std::string text);
  bool found() const;  ///< whether the body received so far holds it

 private:
  class Message;
  std::unique_ptr<Message> message_;
};

}  // namespace waitlab
