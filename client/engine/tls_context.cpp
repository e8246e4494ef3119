#include "client/engine/tls_context.hpp"

#include "client/engine/load_run.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <new>
#include <system_error>
#include <utility>

namespace waitlab::client {

std::string openssl_error() {
  const unsigned long code = ERR_peek_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "no reason given";
}

namespace {

bool expect_address(SSL_CTX* context, const std::string& host) {
  return X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context), host.c_str()) == 1;
}

/// Without a name, any certificate would do, so one that OpenSSL refuses must not pass.
Result<void> expect_name(SSL_CTX* context, const std::string& host) {
  X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (!host.empty() && X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1) return {};
  return Failure{fmt::format("'{}' is no name that a certificate can be checked for", host)};
}

void offer_http(SSL_CTX* context) {
  constexpr std::array<unsigned char, 9> protocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context, protocols.data(), protocols.size());
}

Result<void> trust(SSL_CTX* context, const TlsOptions& options) {
  if (options.insecure) {
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    return {};
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  ERR_clear_error();
  if (options.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return Failure{"this system's trusted certificates cannot be read; give a file of your own"};
  }
  if (SSL_CTX_load_verify_file(context, options.ca_file.c_str()) == 1) return {};
  return Failure{fmt::format("'{}' holds no certificates that can be read: {}; give a PEM file", options.ca_file,
                             openssl_error())};
}

}  // namespace

Result<TlsContext> TlsContext::make(const std::string& host, const TlsOptions& options) {
  TlsContext context(host);
  if (!expect_address(context.native(), host)) {
    if (auto expected = expect_name(context.native(), host); !expected) return expected.error();
    context.server_name_ = host;
  }
  if (auto trusted = trust(context.native(), options); !trusted) return trusted.error();
  return context;
}

TlsContext::TlsContext(std::string host) : host_(std::move(host)), context_(SSL_CTX_new(TLS_client_method())) {
  if (!context_) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(native(), TLS1_2_VERSION);
  offer_http(native());
}

void TlsContext::Free::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

}  // namespace waitlab::client
