#pragma once

#include <string>

namespace waitlab::client {

/// What OpenSSL says went wrong first on this thread since ERR_clear_error, in its own words.
std::string openssl_error();

}  // namespace waitlab::client
