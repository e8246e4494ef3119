#pragma once

#include <string>

namespace waitlab::client {

/// Tells of a detour on stderr before the load starts: a run may be long, and its notes come at the end.
void warn_of_detour(const std::string& detour);

}  // namespace waitlab::client
