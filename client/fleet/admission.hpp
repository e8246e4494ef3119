#pragma once

#include "common/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace waitlab::client::fleet {

/// What nobody can guess: 128 bits from the system's generator, in hexadecimal digits.
std::string make_nonce();

/// What shows that a worker of that name knows the token, without telling it: HMAC-SHA-256 (RFC 2104) of the nonce and
/// the name, in hexadecimal digits. An empty token is one that everybody knows.
std::string make_proof(std::string_view token, std::string_view nonce, std::string_view name);

/// Whether the proof is that one, found in a time that does not depend on where they differ.
bool same_proof(std::string_view wanted, std::string_view proof);

/// The token that the command was given: the first line of the file, or that of the environment variable WAITLAB_TOKEN;
/// nothing without both. Failure: a file that cannot be read, or an empty token.
Result<std::optional<std::string>> read_token(const std::string& file);

}  // namespace waitlab::client::fleet
