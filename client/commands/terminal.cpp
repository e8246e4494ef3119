#include "client/commands/terminal.hpp"

#include <unistd.h>
#include <cstdlib>
#include <string_view>

namespace waitlab::client {

bool stderr_can_redraw() {
  const char* name = std::getenv("TERM");
  const std::string_view terminal = name ? name : "";
  return ::isatty(STDERR_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

}  // namespace waitlab::client
