#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace waitlab::server {

/// A file to read from, written when it is first read, which has no name and goes with the process. It outlives the
/// strategies that read it. Thread-safe but for `keep_in`.
class ScratchFile {
 public:
  static constexpr std::uint64_t size = 32 * 1024 * 1024;

  /// Where it is to be made; call before anybody reads. A file system that is kept in memory makes no read wait.
  void keep_in(std::string folder) { folder_ = std::move(folder); }

  const std::string& folder() const noexcept { return folder_; }

  /// To be called before a fork, so that processes have one file and not each its own. Where it can't be made, whoever
  /// reads is told.
  void prepare();

  /// How a read got past the page cache, which would have answered it without a disk.
  enum class Way : std::uint8_t {
    direct,   ///< O_DIRECT: the cache is not asked
    dropped,  ///< where the file system has no such thing: the pages are dropped first (POSIX_FADV_DONTNEED)
  };

  /// Reads that many bytes, `size` at most, from a place that `where` picks; blocks. Returns how, or why it could not.
  Result<Way> read(std::uint64_t bytes, std::uint64_t where);

 private:
  Result<void> make();
  Result<void> fill();

  std::string folder_ = "/var/tmp";
  std::mutex mutex_;  ///< guards the making of the file and its filling
  FileDescriptor file_;
};

}  // namespace waitlab::server
