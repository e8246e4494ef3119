#pragma once

#include "common/net/file_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

namespace waitlab::server {

/// What pages come from that several processes share: a file in memory, without a name. Another process has the same
/// pages if it has the file open. Thread-safe.
class SharedFile {
 public:
  /// Where the kernel grants none, nothing is to be taken.
  SharedFile();
  /// That of another process, in which there is nothing to be taken.
  explicit SharedFile(FileDescriptor file) : file_(std::move(file)) {}

  int descriptor() const noexcept { return file_.get(); }

  /// Has room for that many bytes more; returns where, or nothing if the kernel grants none, as where the size of files
  /// is limited (RLIMIT_FSIZE).
  std::optional<std::uint64_t> take(std::size_t bytes);

 private:
  FileDescriptor file_;
  std::mutex mutex_;  ///< guards taken_
  std::uint64_t taken_ = 0;
};

/// Memory that reads as zeros and costs none until it is written to. Owns it.
class SharedPages {
 public:
  /// Where pages are in a file.
  struct Place {
    SharedFile* file = nullptr;  ///< none: they are this process's alone
    std::uint64_t offset = 0;
  };

  /// New pages, of the file if there is one that has room. Throws std::system_error if the kernel grants none.
  SharedPages(std::size_t bytes, SharedFile* file) : SharedPages(bytes, new_place(bytes, file)) {}

  /// Those at that place, which another process has made.
  SharedPages(std::size_t bytes, Place place);

  ~SharedPages();
  SharedPages(const SharedPages&) = delete;
  SharedPages& operator=(const SharedPages&) = delete;

  /// The memory as objects for which zeros are a value, and which need no destructor.
  template <class T>
  std::span<T> as(std::size_t count) const noexcept {
    return {static_cast<T*>(memory_), count};
  }

  /// Gives back what was written to from there on, a multiple of the size of a page; it reads as zeros again.
  void forget(std::size_t begin) noexcept;

  const Place& place() const noexcept { return place_; }

 private:
  static Place new_place(std::size_t bytes, SharedFile* file);

  std::size_t bytes_;
  Place place_;
  void* memory_;
};

}  // namespace waitlab::server
