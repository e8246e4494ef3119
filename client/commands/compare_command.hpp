#pragma once

namespace waitlab::client {

/// `waitlab-client compare A B …`: says by how much results differ. `argv[0]` is the command's own name. Returns the
/// exit code.
int compare_command(int argc, char** argv);

}  // namespace waitlab::client
