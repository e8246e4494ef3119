#include "common/process/container.hpp"

#include <system_error>

namespace waitlab {

bool in_container(const std::filesystem::path& root) {
  std::error_code ignored;
  return std::filesystem::exists(root / ".dockerenv", ignored) ||
         std::filesystem::exists(root / "run/.containerenv", ignored);
}

}  // namespace waitlab
