#include "client/experiment/log_names.hpp"

#include <fmt/format.h>

namespace waitlab::client {
namespace {

std::string stem(const std::string& name, unsigned repeat, std::size_t first) {
  return fmt::format("{}-{}{}", name, repeat + 1, first > 0 ? fmt::format("-run-{}", first + 1) : "");
}

}  // namespace

std::string LogNames::target(const std::string& name, unsigned repeat, std::size_t first) const {
  return (folder_ / (stem(name, repeat, first) + ".log")).string();
}

std::string LogNames::requests(const std::string& name, unsigned repeat, std::size_t first) const {
  return (folder_ / (stem(name, repeat, first) + "-requests.csv")).string();
}

std::string LogNames::in_results(const std::string& path) const {
  return path.empty() ? path : std::filesystem::path(path).lexically_relative(folder_.parent_path()).string();
}

}  // namespace waitlab::client
