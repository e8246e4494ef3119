#pragma once

#include <string>
#include <string_view>

struct x509_st;  // OpenSSL's X509

namespace waitlab::client {

/// Why a certificate that should prove to be `host` is not trusted, and what to do: one line for people.
/// `verify_error` is one of OpenSSL's X509_V_ERR_…; `leaf` is the server's own certificate.
std::string certificate_problem(int verify_error, const x509_st* leaf, std::string_view host);

}  // namespace waitlab::client
