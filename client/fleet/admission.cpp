#include "client/fleet/admission.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <span>
#include <stdexcept>

namespace waitlab::client::fleet {
namespace {

constexpr std::size_t nonce_bytes = 16;

std::string in_hexadecimal(std::span<const unsigned char> bytes) {
  std::string digits;
  for (const unsigned char byte : bytes)
    digits += fmt::format("{:02x}", byte);
  return digits;
}

Result<std::string> first_line(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  if (!stream || (!std::getline(stream, line) && !stream.eof()))
    return Failure{fmt::format("--token-file: '{}' cannot be read: {}", file, std::strerror(errno))};
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

std::string make_nonce() {
  std::array<unsigned char, nonce_bytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random bytes");
  return in_hexadecimal(bytes);
}

std::string make_proof(std::string_view token, std::string_view nonce, std::string_view name) {
  const std::string text = fmt::format("{} {}", nonce, name);  // a nonce has no space
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const void* const made =
      HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  if (made == nullptr) throw std::runtime_error("OpenSSL makes no HMAC");
  return in_hexadecimal(std::span(digest).first(length));
}

bool same_proof(std::string_view wanted, std::string_view proof) {
  return wanted.size() == proof.size() && CRYPTO_memcmp(wanted.data(), proof.data(), wanted.size()) == 0;
}

Result<std::optional<std::string>> read_token(const std::string& file) {
  if (file.empty()) {
    const char* const variable = std::getenv("WAITLAB_TOKEN");
    if (variable == nullptr) return std::optional<std::string>();
    if (*variable == '\0') return Failure{"WAITLAB_TOKEN is empty; give it a token, or unset it"};
    return std::optional<std::string>(variable);
  }
  auto line = first_line(file);
  if (!line) return line.error();
  if (line->empty())
    return Failure{fmt::format("--token-file: the first line of '{}' is empty; write the token there", file)};
  return std::optional(*line);
}

}  // namespace waitlab::client::fleet
