#pragma once

namespace waitlab::client {

/// `waitlab-client merge`: joins results of runs, writes the files that were asked for and prints the summary. Returns
/// the exit code.
int merge_command(int argc, char** argv);

}  // namespace waitlab::client
