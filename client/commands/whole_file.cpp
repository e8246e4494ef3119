#include "client/commands/whole_file.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <utility>

namespace waitlab::client {

namespace fs = std::filesystem;

Result<WholeFile> WholeFile::open(const std::string& path) {
  if (path == "-") return Failure{"'-' is no file, and only --json can go to stdout; give a path"};
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  const bool exists = type != fs::file_type::not_found;
  WholeFile file;
  file.target_ = type == fs::file_type::regular ? fs::canonical(path, error) : fs::path(path);
  if (!exists || type == fs::file_type::regular) file.partial_ = file.target_.string() + ".partial";
  const bool refused = exists && ::access(path.c_str(), W_OK) != 0;
  if (!refused) file.stream_.open(file.partial_.empty() ? file.target_ : file.partial_);
  if (file.stream_.is_open()) return file;
  file.partial_.clear();
  return Failure{fmt::format("'{}' cannot be written; give a writable path", path)};
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : target_(std::move(other.target_)),
      partial_(std::exchange(other.partial_, {})),
      stream_(std::move(other.stream_)) {}

WholeFile::~WholeFile() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove(partial_, ignored);
}

Result<void> WholeFile::write(std::string_view text) {
  stream_ << text;
  return finish();
}

Result<void> WholeFile::finish() {
  stream_.close();
  std::error_code error;
  if (stream_ && !partial_.empty()) fs::rename(partial_, target_, error);
  if (!stream_ || error) {
    return Failure{fmt::format("writing '{}' failed; is the disk full?", target_.string())};
  }
  partial_.clear();
  return {};
}

Result<void> write_whole_file(const std::string& path, std::string_view text) {
  auto file = WholeFile::open(path);
  return file ? file->write(text) : file.error();
}

}  // namespace waitlab::client
