#pragma once

namespace waitlab::client {

/// `waitlab-client check RESULT…`: holds results against queueing theory. `argv[0]` is the command's own name. Returns
/// the exit code.
int check_command(int argc, char** argv);

}  // namespace waitlab::client
