#pragma once

#include "common/process/child_process.hpp"

#include <string>

namespace waitlab {

inline ChildProcess start_shell(const std::string& script) {
  return ChildProcess::start({.command = {"/bin/sh", "-c", script}}).value();
}

}  // namespace waitlab
