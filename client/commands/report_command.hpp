#pragma once

namespace waitlab::client {

/// `waitlab-client report`: the page of results that are there already. Returns the exit code.
int report_command(int argc, char** argv);

}  // namespace waitlab::client
