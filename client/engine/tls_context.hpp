#pragma once

#include "common/result.hpp"

#include <memory>
#include <string>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace waitlab::client {

/// What OpenSSL says went wrong first on this thread since ERR_clear_error, in its own words.
std::string openssl_error();

struct TlsOptions;

/// What all TLS connections of a run have in common: TLS 1.2 or later, HTTP/1.1 (ALPN), whom to trust, and the name or
/// address that the server has to prove. Made once a run. Immutable, so sessions of any thread may use it at once.
class TlsContext {
 public:
  /// For a host, which is a name or an address without brackets. Failure when the certificates to trust cannot be read,
  /// naming their file.
  static Result<TlsContext> make(const std::string& host, const TlsOptions& options);

  /// The name or address the server has to prove.
  const std::string& host() const noexcept { return host_; }
  /// What goes into SNI: the host, or nothing where that is an address (RFC 6066 section 3).
  const std::string& server_name() const noexcept { return server_name_; }
  ssl_ctx_st* native() const noexcept { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const noexcept;
  };

  explicit TlsContext(std::string host);

  std::string host_;
  std::string server_name_;
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace waitlab::client
