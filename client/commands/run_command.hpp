#pragma once

namespace waitlab::client {

/// `waitlab-client run URL …`: puts load on a server and reports what was seen. `argv[0]` is the command's own name.
/// Returns the exit code.
int run_command(int argc, char** argv);

}  // namespace waitlab::client
