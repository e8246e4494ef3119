#pragma once

#include "client/engine/recorder.hpp"
#include "client/engine/request_text.hpp"
#include "client/engine/tls_session.hpp"
#include "client/record/error_kind.hpp"
#include "common/asio/deadline_queue.hpp"
#include "common/http/response_parser.hpp"
#include "common/net/file_descriptor.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

class Connection;
class TlsContext;

/// What a connection tells its owner. Each request it carries ends in exactly one of the first three calls, unless the
/// owner drops it. All of them may call back into the connection.
class ConnectionEvents {
 public:
  virtual void on_response(Connection& connection) = 0;
  virtual void on_failure(Connection& connection, ErrorKind kind, std::string_view message) = 0;
  virtual void on_deadline(Connection& connection) = 0;
  /// The server closed it while it carried nothing.
  virtual void on_idle_close(Connection& connection) = 0;

 protected:
  ~ConnectionEvents() = default;
};

/// A connection that was made before the run, handshake included, and has carried nothing yet.
struct OpenConnection {
  boost::asio::ip::tcp protocol;
  FileDescriptor socket;
  std::unique_ptr<TlsSession> tls;   ///< null for plain text
  std::chrono::nanoseconds took{0};  ///< to make it
  std::uint64_t bytes_in = 0;        ///< of the handshake
  std::uint64_t bytes_out = 0;
};

/// What a connection has moved since it was made.
struct Traffic {
  std::uint64_t opened = 0;     ///< times it connected, a TLS handshake included, and succeeded
  std::uint64_t elsewhere = 0;  ///< of these, to another than the first of the server's addresses
  std::uint64_t retried = 0;    ///< requests sent once more because a kept-alive connection was closed under them
  std::uint64_t unasked = 0;    ///< idle connections that were closed because bytes came which nobody had asked for
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

/// One keep-alive connection to the server that carries one request at a time. It connects when it has to, and once
/// more for an idempotent request whose kept-alive connection the server closed or reset before answering a byte (RFC
/// 9112 section 9.3.1). It begins with the first of the server's addresses, or with the one after that where a time-out
/// passed, and goes on to the next where one does not take it, its TLS handshake included; what this machine lacks,
/// such as descriptors or ports, is no fault of an address. With TLS, which lies between the socket and the parser, a
/// handshake is part of connecting, and only what the server says is the end of the stream is taken for one. A warm
/// connection allocates nothing per request. Used by the thread of its io_context; must outlive the io_context's run.
class Connection final : public Deadline {
 public:
  using Servers = std::vector<boost::asio::ip::tcp::endpoint>;

  /// `servers`: the addresses of one server, at least one. `tls`: null for plain text. `wanted`: what to look for in
  /// bodies; empty: nothing.
  Connection(boost::asio::io_context& io, const Servers& servers, const TlsContext* tls, const std::string& wanted,
             ConnectionEvents& events);

  /// Takes over a connection to the first address, open and idle from now on. Only when closed. What it took to make is
  /// counted as if its first request had made it.
  void adopt(OpenConnection open);
  /// Takes in what came while it was idle, which the loop may not have come to yet. False, after `on_idle_close`, if it
  /// is not to be used any more. Only when idle, be it within `on_response`.
  bool look();
  /// Carries this request, begun at `attempt.sent`. Only when it carries none. `text` must outlive it.
  void carry(const Attempt& attempt, RequestText& text);
  /// Closes the socket and forgets the request; no event follows.
  void drop();

  bool open() const noexcept { return phase_ != Phase::closed; }
  /// What the next request is charged with for connecting that was done before the run.
  std::chrono::nanoseconds charge() const noexcept { return charge_; }
  /// Connects that failed, handshakes included, since one succeeded.
  unsigned failed_connects() const noexcept { return failed_connects_; }
  bool connecting() const noexcept { return phase_ == Phase::connecting; }
  const Attempt& attempt() const noexcept { return attempt_; }
  /// The last response, complete during `on_response`.
  const ResponseParser& response() const noexcept { return parser_; }
  /// When the first part of that response came; nothing if it came in one.
  const std::optional<Clock::time_point>& first_part() const noexcept { return first_part_; }
  const Traffic& traffic() const noexcept { return traffic_; }

 private:
  enum class Phase { closed, connecting, idle, busy };
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using ErrorCode = boost::system::error_code;

  /// Why an address did not take the connection.
  struct Refusal {
    ErrorKind kind = ErrorKind::connect_failed;
    std::string message;
  };

  void expired() override;
  void look_behind_response();
  void take_charge();
  void close();
  void connect();
  void connect_to_address();
  void on_connect(ErrorCode error);
  bool is_own_fault(ErrorCode error) const;
  void on_refusal(ErrorKind kind, std::string_view message);
  void on_handshake();
  void begin_request();
  void count_connecting();
  void send();
  void send_encrypted();
  void send_later();
  std::size_t hand_over(std::string_view bytes);
  void read();
  void on_read(ErrorCode error, std::size_t bytes);
  void take_in(ErrorCode error, std::size_t bytes);
  void on_ciphertext(ErrorCode error, std::size_t bytes);
  std::size_t decrypt();
  void take(ErrorCode error, std::size_t bytes);
  void on_bytes();
  bool reusable() const;
  void on_response();
  void on_lost(ErrorCode error);
  void fail_connect(ErrorKind kind, std::string_view message);
  void fail(ErrorKind kind, std::string_view message);

  Socket socket_;
  const Servers& servers_;
  std::size_t first_server_ = 0;   ///< to begin with when it connects
  std::size_t server_ = 0;         ///< that it connects to
  std::size_t servers_tried_ = 0;  ///< for the request it carries
  ConnectionEvents& events_;
  std::unique_ptr<TlsSession> tls_;
  std::chrono::nanoseconds charge_{0};

  Phase phase_ = Phase::closed;
  unsigned failed_connects_ = 0;
  bool reused_ = false;              ///< the socket was open before the request: the server may just have closed it
  bool reading_ = false;             ///< the loop waits for bytes
  std::uint32_t socket_number_ = 0;  ///< tells the current socket's completions from those of an earlier one
  Attempt attempt_;
  RequestText* text_ = nullptr;  ///< of the request it carries
  Clock::time_point connecting_since_;
  std::size_t sent_bytes_ = 0;  ///< of the text; with TLS: encrypted
  ErrorCode send_error_;        ///< what the last send on this socket met
  Refusal first_refusal_;       ///< of the first address that was tried
  bool answered_ = false;       ///< a byte of the response has come
  std::optional<Clock::time_point> first_part_;
  std::size_t unread_ = 0;  ///< bytes at the front of the buffer that the parser has not seen or used
  Traffic traffic_;
  ResponseParser parser_;
  std::vector<char> buffer_;
};

}  // namespace waitlab::client
