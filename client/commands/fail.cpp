#include "client/commands/fail.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace waitlab::client {

int fail(ExitCode code, const Failure& failure) {
  fmt::print(stderr, "waitlab-client: {}\n", failure.message);
  return code;
}

}  // namespace waitlab::client
