#include "client/engine/certificate_problem.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/asn1.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <memory>
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

}  // namespace

std::string certificate_problem(int verify_error, const X509* leaf, std::string_view host) {
  return problem_of(verify_error, leaf, host) + "; --ca-file trusts those of a file, --insecure any";
}

}  // namespace waitlab::client
