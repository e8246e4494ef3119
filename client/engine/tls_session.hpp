#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;             // OpenSSL's SSL
struct ssl_session_st;     // OpenSSL's SSL_SESSION
struct x509_store_ctx_st;  // OpenSSL's X509_STORE_CTX

namespace waitlab::client {

class TlsContext;

/// The client's side of TLS on one connection after another, without sockets: what the server sent is put in, what is
/// to be sent is taken out. Every call may leave bytes in `outgoing`. Not thread-safe; the context must outlive it. A
/// warm session allocates nothing of its own for what it reads and writes; OpenSSL makes a few small allocations for
/// each record that it writes.
class TlsSession {
 public:
  enum class State {
    handshaking,
    open,
    closed,  ///< the server said close_notify: what came before it is complete
    failed   ///< see `error`; there is nothing more to do but to send what is in `outgoing`
  };

  explicit TlsSession(const TlsContext& context);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Begins the handshake of a new connection, with the server's ticket from the last one if it gave any (resumption).
  void start();

  /// Takes all these bytes, as they came, and goes on with the handshake if that is not over.
  void put(std::string_view ciphertext);

  /// Tells that the connection ended. If the server did not say so first (close_notify), that is a failure: what came
  /// may lack its end.
  void put_eof();

  /// Decrypts into `plaintext` and returns how many bytes it wrote: 0 when more must come, or in a state that is not
  /// open or with no room. Tickets and key changes yield no plaintext, so 0 is nothing unusual. Call it until it
  /// returns 0.
  std::size_t read(std::span<char> plaintext);

  /// Encrypts all of it. Only when open.
  void write(std::string_view plaintext);

  /// Tells the server that nothing more comes (close_notify), if the handshake got so far.
  void close();

  /// Bytes for the server, valid until the next call; `sent` removes those from the front that have gone.
  std::string_view outgoing() const;
  void sent(std::size_t bytes);

  State state() const noexcept { return state_; }
  /// Why the state is `failed`, in one line for people: the certificate's fault, or what OpenSSL says.
  const std::string& error() const noexcept { return error_; }
  /// Whether the handshake took up an earlier session.
  bool resumed() const noexcept;

 private:
  struct Free {
    void operator()(ssl_st* ssl) const noexcept;
    void operator()(ssl_session_st* session) const noexcept;
  };

  using Ticket = std::unique_ptr<ssl_session_st, Free>;

  static int on_verified(int trusted, x509_store_ctx_st* verification);

  Ticket take_ticket() const;
  void shake_hands();
  /// Finds the new state after an OpenSSL call that returned `result`.
  void judge(int result);
  void fail(std::string_view why);

  const TlsContext& context_;
  std::unique_ptr<ssl_st, Free> ssl_;
  State state_ = State::handshaking;
  std::string error_;
};

}  // namespace waitlab::client
