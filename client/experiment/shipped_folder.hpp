#pragma once

#include "common/result.hpp"

#include <filesystem>

namespace waitlab::client {

/// The folder of the experiments that come with programs in the folder `programs`: of an installation, or of the
/// checkout they were built in. Servers in other languages lie in its folder `peers`. Failure if there is none.
Result<std::filesystem::path> find_shipped_experiments(const std::filesystem::path& programs);

}  // namespace waitlab::client
