#include "client/commands/detour_warning.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace waitlab::client {

void warn_of_detour(const std::string& detour) {
  fmt::print(stderr, "waitlab-client: {}\n", detour);
}

}  // namespace waitlab::client
