#pragma once

#include <string_view>

namespace waitlab::server {

/// What `waitlab-server` is given to be the program that forks.
inline constexpr std::string_view fork_program_argument = "fork-for-each-request";

/// That program: forks a process for each job that comes through its standard input, which serves the one request and
/// ends. It has one thread and calls nobody, so that a process finds no mutex locked, and no two share a connection.
/// Ends once its orders have and all its processes. Returns its exit code.
int run_fork_program();

}  // namespace waitlab::server
