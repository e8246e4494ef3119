#include "client/commands/terminal.hpp"

#include "common/process/standard_streams.hpp"
#include "common/text/wrap.hpp"

#include <unistd.h>
#include <cstdlib>
#include <string_view>

namespace waitlab::client {

bool stderr_can_redraw() {
  const char* name = std::getenv("TERM");
  const std::string_view terminal = name ? name : "";
  return ::isatty(STDERR_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

void warn_of_detour(const std::string& detour) {
  say(wrap("waitlab-client: " + detour, terminal_columns, 2));
}

}  // namespace waitlab::client
