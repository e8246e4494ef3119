#pragma once

#include "common/result.hpp"

#include <filesystem>
#include <string>

namespace waitlab::client {

/// The whole of a file that is sent as a request's body. Failure names it when it cannot be read.
Result<std::string> read_body_file(const std::filesystem::path& path);

}  // namespace waitlab::client
