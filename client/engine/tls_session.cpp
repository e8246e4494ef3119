#include "client/engine/tls_session.hpp"

#include "client/engine/tls_context.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_of(const ASN1_OCTET_STRING* octets) {
  std::array<char, INET6_ADDRSTRLEN> text;
  const int family = ASN1_STRING_length(octets) == sizeof(in_addr) ? AF_INET : AF_INET6;
  const bool whole = family == AF_INET || ASN1_STRING_length(octets) == sizeof(in6_addr);
  if (!whole) return "a malformed address";
  return ::inet_ntop(family, ASN1_STRING_get0_data(octets), text.data(), text.size());
}

/// The names and addresses that a certificate proves.
std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> texts;
  for (int index = 0; names && index < sk_GENERAL_NAME_num(names.get()); ++index) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), index);
    if (name->type == GEN_DNS) texts.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) texts.push_back(address_of(name->d.iPAddress));
  }
  return texts;
}

std::string wrong_name(const X509* leaf, std::string_view host) {
  constexpr std::size_t most_shown = 3;
  std::vector<std::string> names = names_of(leaf);
  if (names.empty()) return fmt::format("the certificate names no host, and so not {}", host);
  const std::size_t more = names.size() - std::min(names.size(), most_shown);
  names.resize(names.size() - more);
  return fmt::format("the certificate is for {}{}, not {}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "", host);
}

std::string problem_of(int verify_error, const X509* leaf, std::string_view host) {
  switch (verify_error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return wrong_name(leaf, host);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate is not valid yet";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the certificate is self-signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the certificate is issued by someone not trusted here";
    default:
      return fmt::format("the certificate is not trusted: {}", X509_verify_cert_error_string(verify_error));
  }
}

/// Why a certificate that should prove to be `host` is not trusted, and what to do: one line for people.
/// `verify_error` is one of OpenSSL's X509_V_ERR_…; `leaf` is the server's own certificate.
std::string certificate_problem(int verify_error, const X509* leaf, std::string_view host) {
  return problem_of(verify_error, leaf, host) + "; --ca-file trusts those of a file, --insecure any";
}

std::string protocol_problem() {
  const unsigned long code = ERR_peek_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER) {
    return "the server does not answer in TLS; is it an http:// one?";
  }
  return "TLS failed: " + openssl_error();
}

}  // namespace

TlsSession::TlsSession(const TlsContext& context) : context_(context) {}
TlsSession::~TlsSession() = default;

void TlsSession::start() {
  const Ticket ticket = take_ticket();
  ssl_.reset(SSL_new(context_.native()));
  if (!ssl_) throw std::bad_alloc();
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_app_data(ssl_.get(), this);
  if (SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE) {
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, &TlsSession::on_verified);
  }
  if (!context_.server_name().empty()) SSL_set_tlsext_host_name(ssl_.get(), context_.server_name().c_str());
  if (ticket) SSL_set_session(ssl_.get(), ticket.get());
  SSL_set_connect_state(ssl_.get());
  error_.clear();
  state_ = State::handshaking;
  shake_hands();
}

void TlsSession::put(std::string_view ciphertext) {
  BIO_write(SSL_get_rbio(ssl_.get()), ciphertext.data(), static_cast<int>(ciphertext.size()));
  if (state_ == State::handshaking) shake_hands();
}

void TlsSession::put_eof() {
  if (state_ == State::handshaking) fail("the server closed the connection during the TLS handshake");
  if (state_ == State::open) fail("the connection ended without TLS's close_notify");
}

std::size_t TlsSession::read(std::span<char> plaintext) {
  if (state_ != State::open || plaintext.empty()) return 0;
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_read_ex(ssl_.get(), plaintext.data(), plaintext.size(), &count);
  if (result != 1) judge(result);
  return count;
}

void TlsSession::write(std::string_view plaintext) {
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_write_ex(ssl_.get(), plaintext.data(), plaintext.size(), &count);
  if (result != 1) judge(result);
}

void TlsSession::close() {
  if (state_ == State::open || state_ == State::closed) SSL_shutdown(ssl_.get());
}

std::string_view TlsSession::outgoing() const {
  if (!ssl_) return {};
  const char* bytes = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void TlsSession::sent(std::size_t bytes) {
  std::array<char, 4096> gone;  // a memory BIO forgets only what is read from it
  for (int count = 0; bytes > 0; bytes -= static_cast<std::size_t>(count)) {
    count = BIO_read(SSL_get_wbio(ssl_.get()), gone.data(), static_cast<int>(std::min(bytes, gone.size())));
  }
}

bool TlsSession::resumed() const noexcept {
  return ssl_ && SSL_session_reused(ssl_.get()) == 1;
}

/// OpenSSL forgets the session of a connection that ended without both sides' close_notify, unless told that it did
/// not. TLS has not asked for that since 1.1 (RFC 4346 section 7.2.1).
TlsSession::Ticket TlsSession::take_ticket() const {
  if (!ssl_ || state_ == State::handshaking || state_ == State::failed) return nullptr;
  SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  Ticket ticket(SSL_get1_session(ssl_.get()));
  if (ticket && SSL_SESSION_is_resumable(ticket.get()) != 1) ticket.reset();
  return ticket;
}

void TlsSession::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    state_ = State::open;
  } else {
    judge(result);
  }
}

void TlsSession::judge(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return;
    case SSL_ERROR_ZERO_RETURN:
      state_ = State::closed;
      return;
    default:
      // What the certificate was refused for is known already, and says more.
      fail(error_.empty() ? protocol_problem() : error_);
  }
}

void TlsSession::fail(std::string_view why) {
  state_ = State::failed;
  error_ = why;
}

/// Called by OpenSSL while it looks at the server's certificate.
int TlsSession::on_verified(int trusted, X509_STORE_CTX* verification) {
  if (trusted == 1) return 1;
  const void* ssl = X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());
  auto& session = *static_cast<TlsSession*>(SSL_get_app_data(static_cast<const SSL*>(ssl)));
  session.error_ = certificate_problem(X509_STORE_CTX_get_error(verification), X509_STORE_CTX_get0_cert(verification),
                                       session.context_.host());
  return 0;
}

void TlsSession::Free::operator()(SSL* ssl) const noexcept {
  SSL_free(ssl);
}

void TlsSession::Free::operator()(SSL_SESSION* session) const noexcept {
  SSL_SESSION_free(session);
}

}  // namespace waitlab::client
