#pragma once

namespace waitlab::client {

/// `waitlab-client experiment FILE …`: runs the experiment of a file and reports it. `argv[0]` is the command's own
/// name. Returns the exit code.
int experiment_command(int argc, char** argv);

}  // namespace waitlab::client
