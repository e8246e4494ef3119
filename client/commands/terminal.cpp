#include "client/commands/terminal.hpp"

#include "common/text/wrap.hpp"

#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace waitlab::client {

void say(const std::string& text) {
  std::fputs(text.c_str(), stderr);
}

bool stderr_can_redraw() {
  const char* name = std::getenv("TERM");
  const std::string_view terminal = name ? name : "";
  return ::isatty(STDERR_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

void warn_of_detour(const std::string& detour) {
  say(wrap("waitlab-client: " + detour, terminal_columns, 2));
}

}  // namespace waitlab::client
