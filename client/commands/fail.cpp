#include "client/commands/fail.hpp"

#include "client/commands/terminal.hpp"

#include <fmt/format.h>

namespace waitlab::client {

int fail(ExitCode code, const Failure& failure) {
  say(fmt::format("waitlab-client: {}\n", failure.message));
  return code;
}

}  // namespace waitlab::client
