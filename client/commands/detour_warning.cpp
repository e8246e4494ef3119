#include "client/commands/detour_warning.hpp"

#include "client/commands/terminal.hpp"
#include "common/text/wrap.hpp"

namespace waitlab::client {

void warn_of_detour(const std::string& detour) {
  say(wrap("waitlab-client: " + detour, terminal_columns, 2));
}

}  // namespace waitlab::client
