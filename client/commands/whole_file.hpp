#pragma once

#include "common/result.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace waitlab::client {

/// A file that is written as a whole or not at all: the text goes to a file beside it, which takes its place at the
/// end. So what stood there survives until there is something better. What is no regular file, such as a pipe, is
/// written directly.
class WholeFile {
 public:
  /// Finds out at once whether the file can be written. Failure names it. "-" is none.
  static Result<WholeFile> open(const std::string& path);

  WholeFile(WholeFile&& other) noexcept;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile();

  /// For what is written bit by bit.
  std::ostream& stream() noexcept { return stream_; }
  /// Once: puts what was written in its place. Failure if any of it could not be written.
  Result<void> finish();
  /// The whole text at once, and then `finish`.
  Result<void> write(std::string_view text);

 private:
  WholeFile() = default;

  std::filesystem::path target_;
  std::filesystem::path partial_;  ///< to be renamed or removed; empty: the target is written directly
  std::ofstream stream_;
};

/// The same for a text that is there already.
Result<void> write_whole_file(const std::string& path, std::string_view text);

}  // namespace waitlab::client
