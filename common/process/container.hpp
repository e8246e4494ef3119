#pragma once

#include <filesystem>

namespace waitlab {

/// Whether this process runs in a container, as Docker and Podman tell by a file in its `root`.
bool in_container(const std::filesystem::path& root = "/");

}  // namespace waitlab
