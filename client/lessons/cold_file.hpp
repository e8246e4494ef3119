#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace waitlab::client {

/// A file of 32 MiB without a name, which is gone with this; on a disk where a folder on one can be written.
class ColdFile {
 public:
  static constexpr std::uint64_t size = 32ULL * 1024 * 1024;

  /// Tries the folder for large temporary files first, then that for temporary ones. Failure says why the last was not
  /// possible.
  static Result<ColdFile> make();

  const std::filesystem::path& folder() const noexcept { return folder_; }
  /// It lies in memory (tmpfs), where no read has to wait.
  bool in_memory() const noexcept { return in_memory_; }

  /// 0 if the page cache has its first page, EAGAIN if not, else why the kernel does not tell: what preadv2(2) with
  /// RWF_NOWAIT fails with. The kernel may begin to read what was not there.
  int ask_cache() const noexcept;
  /// Takes it out of the page cache (posix_fadvise(2), POSIX_FADV_DONTNEED).
  void evict() const noexcept;
  /// Reads all of it; returns how long that took. Throws std::exception if it fails.
  std::chrono::nanoseconds read() const;
  /// The same past the page cache, as the server's /file does: with O_DIRECT, or where the file system has no such
  /// thing, after taking it out of the cache.
  std::chrono::nanoseconds read_from_disk() const;
  /// 0, or what epoll_ctl(2) fails with when a loop wants to wait for it.
  int ask_epoll() const noexcept;
  /// Whether poll(2) calls it readable.
  bool ask_poll() const noexcept;

 private:
  ColdFile(FileDescriptor file, std::filesystem::path folder);
  static Result<ColdFile> make_in(const std::filesystem::path& folder);

  FileDescriptor file_;
  std::filesystem::path folder_;
  bool in_memory_ = false;
};

}  // namespace waitlab::client
