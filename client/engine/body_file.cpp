#include "client/engine/body_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace waitlab::client {

Result<std::string> read_body_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return Failure{fmt::format("'{}' cannot be read; give a readable file", path.string())};
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace waitlab::client
