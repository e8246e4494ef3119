#pragma once

namespace waitlab::client {

/// `waitlab-client capacity URL --threshold …`: finds the highest rate at which a server meets the thresholds.
/// `argv[0]` is the command's own name. Returns the exit code.
int capacity_command(int argc, char** argv);

}  // namespace waitlab::client
