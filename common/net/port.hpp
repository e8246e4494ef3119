#pragma once

#include "common/result.hpp"

#include <cstdint>
#include <string>

namespace waitlab {

/// A port of 127.0.0.1 that nothing listens on now. It is not kept: another program may take it before it is used.
Result<std::uint16_t> find_free_port();

/// Whether something already listens at this address of the machine ("127.0.0.1", "8080"), so that nothing else can. An
/// address that is none of this machine's, or that may not be used, is not taken.
bool is_port_taken(const std::string& host, const std::string& port);

}  // namespace waitlab
