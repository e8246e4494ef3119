#pragma once

#include "tests/support/test_certificate.hpp"

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX
struct ssl_st;      // OpenSSL's SSL

namespace waitlab {

/// What the connections of a TLS server have in common. Its peers may be used by different threads.
class TlsPeerContext {
 public:
  enum class Version { tls_1_1, tls_1_2, tls_1_3 };

  explicit TlsPeerContext(const TestCertificate& certificate, Version highest = Version::tls_1_3);

  ssl_ctx_st* native() const noexcept { return context_.get(); }

 private:
  std::shared_ptr<ssl_ctx_st> context_;
};

/// The server's side of one TLS connection, without sockets, for tests.
class TlsPeer {
 public:
  explicit TlsPeer(const TlsPeerContext& context);

  /// Takes bytes from the client and returns what they decrypt to; goes on with the handshake on the way.
  std::string put(std::string_view ciphertext);
  void write(std::string_view plaintext);
  /// Says close_notify.
  void close();
  /// What is to be sent to the client; it is forgotten here.
  std::string take_outgoing();

  bool open() const;
  bool ended() const;               ///< the client said close_notify
  std::string server_name() const;  ///< what the client asked for; empty if it did not
  std::string protocol() const;     ///< chosen by ALPN

 private:
  std::shared_ptr<ssl_st> ssl_;
};

}  // namespace waitlab
