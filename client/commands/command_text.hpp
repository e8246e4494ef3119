#pragma once

#include <string>

namespace waitlab::client {

/// A command line as one could type it into a shell, for a result to tell how it was made. `name` is the program's and
/// the command's, argv[0] is left out. Values of header fields that carry secrets (Authorization, Proxy-Authorization,
/// Cookie) are left out too: results are passed on.
std::string command_text(const std::string& name, int argc, const char* const* argv);

}  // namespace waitlab::client
