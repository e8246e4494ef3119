#include "client/commands/detour_warning.hpp"

#include "client/record/wrap.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace waitlab::client {

void warn_of_detour(const std::string& detour) {
  fmt::print(stderr, "{}", wrap("waitlab-client: " + detour, terminal_columns, 2));
}

}  // namespace waitlab::client
