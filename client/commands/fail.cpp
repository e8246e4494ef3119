#include "client/commands/fail.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace waitlab::client {

int fail(ExitCode code, const Failure& failure) {
  std::fputs(fmt::format("waitlab-client: {}\n", failure.message).c_str(), stderr);
  return code;
}

}  // namespace waitlab::client
