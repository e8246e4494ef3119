#include "tests/support/test_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace waitlab {
namespace {

void require(bool done, const std::string& deed) {
  if (!done) throw std::runtime_error("OpenSSL refused to " + deed);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), &X509_EXTENSION_free);
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add " + value);
}

}  // namespace

TestCertificate::TestCertificate() : TestCertificate(Wishes{}) {}

TestCertificate::TestCertificate(const Wishes& wishes)
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
  X509* made = certificate();
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), wishes.issuer ? 2 : 1);
  X509_gmtime_adj(X509_getm_notBefore(made), wishes.valid_from.count());
  X509_gmtime_adj(X509_getm_notAfter(made), wishes.valid_until.count());
  const auto* name = reinterpret_cast<const unsigned char*>(wishes.subject.c_str());
  X509_NAME_add_entry_by_NID(X509_get_subject_name(made), NID_commonName, MBSTRING_ASC, name, -1, -1, 0);
  X509_set_pubkey(made, key());
  add_extension(made, NID_basic_constraints, wishes.issuer ? "CA:FALSE" : "CA:TRUE");
  if (!wishes.names.empty()) add_extension(made, NID_subject_alt_name, wishes.names);
  const TestCertificate& issuer = wishes.issuer ? *wishes.issuer : *this;
  X509_set_issuer_name(made, X509_get_subject_name(issuer.certificate()));
  require(X509_sign(made, issuer.key(), EVP_sha256()) > 0, "sign a certificate");
}

std::string TestCertificate::pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  require(PEM_write_bio_X509(memory.get(), certificate()) == 1, "write a certificate");
  const char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace waitlab
