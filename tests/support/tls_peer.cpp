#include "tests/support/tls_peer.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

namespace waitlab {
namespace {

int version_number(TlsPeerContext::Version version) {
  constexpr std::array numbers{TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};
  return numbers[static_cast<std::size_t>(version)];
}

int take_first_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered, unsigned,
                        void*) {
  *chosen = offered + 1;
  *size = *offered;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TlsPeerContext::TlsPeerContext(const TestCertificate& certificate, Version highest)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  SSL_CTX_use_certificate(native(), certificate.certificate());
  SSL_CTX_use_PrivateKey(native(), certificate.key());
  SSL_CTX_set_min_proto_version(native(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(native(), version_number(highest));
  SSL_CTX_set_security_level(native(), 0);  // or it would refuse the old versions itself
  SSL_CTX_set_alpn_select_cb(native(), take_first_protocol, nullptr);
}

TlsPeer::TlsPeer(const TlsPeerContext& context) : ssl_(SSL_new(context.native()), &SSL_free) {
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

std::string TlsPeer::put(std::string_view ciphertext) {
  BIO_write(SSL_get_rbio(ssl_.get()), ciphertext.data(), static_cast<int>(ciphertext.size()));
  std::string plaintext;
  std::array<char, 4096> chunk;
  ERR_clear_error();
  for (int count = 0; (count = SSL_read(ssl_.get(), chunk.data(), chunk.size())) > 0;) {
    plaintext.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return plaintext;
}

void TlsPeer::write(std::string_view plaintext) {
  SSL_write(ssl_.get(), plaintext.data(), static_cast<int>(plaintext.size()));
}

void TlsPeer::close() {
  SSL_shutdown(ssl_.get());
}

std::string TlsPeer::take_outgoing() {
  std::string bytes;
  std::array<char, 4096> chunk;
  for (int count = 0; (count = BIO_read(SSL_get_wbio(ssl_.get()), chunk.data(), chunk.size())) > 0;) {
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return bytes;
}

bool TlsPeer::open() const {
  return SSL_is_init_finished(ssl_.get()) == 1;
}

bool TlsPeer::ended() const {
  return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string TlsPeer::server_name() const {
  const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  return name ? name : "";
}

std::string TlsPeer::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace waitlab
