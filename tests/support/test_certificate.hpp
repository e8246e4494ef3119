#pragma once

#include <chrono>
#include <memory>
#include <string>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY
struct x509_st;      // OpenSSL's X509

namespace waitlab {

/// A certificate and its key, made on the spot for a test.
class TestCertificate {
 public:
  struct Wishes {
    std::string subject = "a tester";
    std::string names = "DNS:localhost,IP:127.0.0.1";  ///< as in OpenSSL's subjectAltName; empty: none
    std::chrono::seconds valid_from = std::chrono::hours(-1);
    std::chrono::seconds valid_until = std::chrono::hours(1);  ///< both from now
    const TestCertificate* issuer = nullptr;                   ///< null: signed by itself
  };

  TestCertificate();
  explicit TestCertificate(const Wishes& wishes);

  x509_st* certificate() const noexcept { return certificate_.get(); }
  evp_pkey_st* key() const noexcept { return key_.get(); }
  /// The certificate for a file of trusted ones.
  std::string pem() const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace waitlab
