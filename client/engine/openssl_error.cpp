#include "client/engine/openssl_error.hpp"

#include <openssl/err.h>

#include <system_error>

namespace waitlab::client {

std::string openssl_error() {
  const unsigned long code = ERR_peek_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "no reason given";
}

}  // namespace waitlab::client
