#include "client/engine/tls_session.hpp"

#include "client/engine/certificate_problem.hpp"
#include "client/engine/openssl_error.hpp"
#include "client/engine/tls_context.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <array>
#include <new>

namespace waitlab::client {
namespace {

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
