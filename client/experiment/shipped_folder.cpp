#include "client/experiment/shipped_folder.hpp"

#include <fmt/format.h>

#include <system_error>

namespace waitlab::client {

namespace fs = std::filesystem;

Result<fs::path> find_shipped_experiments(const fs::path& programs) {
  for (const fs::path& folder : {programs.parent_path() / "share/waitlab/experiments",
                                 programs.parent_path().parent_path().parent_path() / "experiments",
                                 fs::path("/usr/share/waitlab/experiments")}) {
    if (std::error_code ignored; fs::is_directory(folder, ignored)) return folder;
  }
  return Failure{fmt::format("no experiments came with the programs in {}; give the file of one", programs.string())};
}

}  // namespace waitlab::client
