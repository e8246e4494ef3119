#include "client/lessons/cold_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr std::size_t part_of_a_file = 256UL * 1024;

/// O_DIRECT wants memory that is aligned.
struct FreePart {
  void operator()(char* memory) const noexcept { std::free(memory); }
};

bool lies_in_memory(int descriptor) {
  struct statfs system {};
  if (::fstatfs(descriptor, &system) != 0) return false;
  return system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
}

Failure no_file_in(const std::filesystem::path& folder, const std::string& why = std::strerror(errno)) {
  return {fmt::format("a file of 32 MiB in {}: {}", folder.string(), why)};
}

/// Lets reads of a file go past the page cache, where its file system grants that, until this is gone.
class DirectReads {
 public:
  explicit DirectReads(int file)
      : file_(file), flags_(::fcntl(file, F_GETFL)), granted_(::fcntl(file, F_SETFL, flags_ | O_DIRECT) == 0) {}
  DirectReads(const DirectReads&) = delete;
  DirectReads& operator=(const DirectReads&) = delete;
  ~DirectReads() { ::fcntl(file_, F_SETFL, flags_); }

  bool granted() const noexcept { return granted_; }

 private:
  const int file_;
  const int flags_;
  const bool granted_;
};

}  // namespace

ColdFile::ColdFile(FileDescriptor file, std::filesystem::path folder)
    : file_(std::move(file)), folder_(std::move(folder)), in_memory_(lies_in_memory(file_.get())) {}

Result<ColdFile> ColdFile::make_in(const std::filesystem::path& folder) {
  std::string name = (folder / "waitlab-lesson-XXXXXX").string();
  FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return no_file_in(folder);
  ::unlink(name.c_str());
  const std::vector<char> part(part_of_a_file, 'w');
  for (std::uint64_t at = 0; at < size; at += part.size()) {
    const ssize_t written = ::pwrite(file.get(), part.data(), part.size(), static_cast<off_t>(at));
    if (written < 0) return no_file_in(folder);
    if (written != std::ssize(part)) return no_file_in(folder, "there is no room for all of it");
  }
  if (::fdatasync(file.get()) != 0) return no_file_in(folder);
  return ColdFile(std::move(file), folder);
}

Result<ColdFile> ColdFile::make() {
  auto large = make_in("/var/tmp");
  if (large && !large->in_memory()) return large;
  std::error_code none;
  auto other = make_in(std::filesystem::temp_directory_path(none));
  return other || !large ? std::move(other) : std::move(large);
}

int ColdFile::ask_cache() const noexcept {
  std::byte byte{};
  const iovec place{.iov_base = &byte, .iov_len = 1};
  return ::preadv2(file_.get(), &place, 1, 0, RWF_NOWAIT) >= 0 ? 0 : errno;
}

void ColdFile::evict() const noexcept {
  ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED);
}

std::chrono::nanoseconds ColdFile::read() const {
  const std::unique_ptr<char, FreePart> part(static_cast<char*>(std::aligned_alloc(4096, part_of_a_file)));
  if (!part) throw std::bad_alloc();
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t at = 0; at < size;) {
    const ssize_t got = ::pread(file_.get(), part.get(), part_of_a_file, static_cast<off_t>(at));
    if (got < 0) throw std::system_error(errno, std::system_category(), "reading a file in " + folder_.string());
    if (got == 0) throw std::runtime_error("reading a file in " + folder_.string() + ": it ends too early");
    at += static_cast<std::uint64_t>(got);
  }
  return std::chrono::steady_clock::now() - begin;
}

std::chrono::nanoseconds ColdFile::read_from_disk() const {
  if (const DirectReads direct(file_.get()); direct.granted()) {
    try {
      return read();
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::invalid_argument) throw;  // some file systems grant the flag and refuse the reads
    }
  }
  evict();
  return read();
}

int ColdFile::ask_epoll() const noexcept {
  const FileDescriptor loop(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event readable{};
  readable.events = EPOLLIN;
  return ::epoll_ctl(loop.get(), EPOLL_CTL_ADD, file_.get(), &readable) == 0 ? 0 : errno;
}

bool ColdFile::ask_poll() const noexcept {
  pollfd asked{.fd = file_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&asked, 1, 0) == 1 && (asked.revents & POLLIN) != 0;
}

}  // namespace waitlab::client
