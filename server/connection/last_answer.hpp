#pragma once

#include "server/site/site.hpp"

#include <string>
#include <string_view>

namespace waitlab::server {

/// Appends the answer to a client whose request will not be read any further: a problem document that closes the
/// connection, with the fields every answer carries. `id_from_client` may be empty. Thread-safe.
void append_last_answer(std::string& out, Site& site, unsigned status, std::string_view detail,
                        std::string_view id_from_client);

}  // namespace waitlab::server
