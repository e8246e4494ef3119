#include "server/handlers/scratch_file.hpp"

#include "common/splitmix64.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace waitlab::server {

namespace {

constexpr std::uint64_t page = 4096;  ///< what O_DIRECT wants memory, places and lengths to be multiples of
constexpr std::uint64_t most_at_once = 256 * 1024;

struct Free {
  void operator()(std::byte* memory) const noexcept { std::free(memory); }
};

std::unique_ptr<std::byte, Free> aligned_buffer() {
  std::unique_ptr<std::byte, Free> buffer(static_cast<std::byte*>(std::aligned_alloc(page, most_at_once)));
  if (!buffer) throw std::bad_alloc();
  return buffer;
}

Failure failure(const std::string& what, const std::string& folder) {
  return {fmt::format("{} a file in {} failed: {}; set files.folder to another", what, folder, std::strerror(errno))};
}

FileDescriptor unnamed_file(const std::string& folder, int flags) {
  return FileDescriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | flags, 0600));
}

}  // namespace

void ScratchFile::prepare() {
  const std::scoped_lock lock(mutex_);
  static_cast<void>(make());
}

Result<void> ScratchFile::make() {
  if (!file_) file_ = unnamed_file(folder_, O_DIRECT);
  if (!file_) file_ = unnamed_file(folder_, 0);
  if (!file_) return failure("making", folder_);
  return {};
}

/// Two processes may write it at the same time: they write the same.
Result<void> ScratchFile::fill() {
  struct stat status {};
  if (::fstat(file_.get(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) >= size) return {};
  const auto buffer = aligned_buffer();
  auto* const words = reinterpret_cast<std::uint64_t*>(buffer.get());
  for (std::uint64_t word = 0; word < most_at_once / sizeof *words; ++word)
    words[word] = splitmix64(word);
  for (std::uint64_t at = 0; at < size; at += most_at_once) {
    if (::pwrite(file_.get(), buffer.get(), most_at_once, static_cast<off_t>(at)) != most_at_once)
      return failure("writing", folder_);
  }
  if (::fdatasync(file_.get()) != 0) return failure("writing", folder_);
  return {};
}

Result<ScratchFile::Way> ScratchFile::read(std::uint64_t bytes, std::uint64_t where) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto made = make(); !made) return made.error();
    if (const auto filled = fill(); !filled) return filled.error();
  }
  const Way way = (::fcntl(file_.get(), F_GETFL) & O_DIRECT) != 0 ? Way::direct : Way::dropped;
  const std::uint64_t length = (std::min(bytes, size) + page - 1) / page * page;
  std::uint64_t at = splitmix64_output(where) % ((size - length) / page + 1) * page;
  if (way == Way::dropped)
    ::posix_fadvise(file_.get(), static_cast<off_t>(at), static_cast<off_t>(length), POSIX_FADV_DONTNEED);
  const auto buffer = aligned_buffer();
  for (const std::uint64_t end = at + length; at < end;) {
    const ssize_t got = ::pread(file_.get(), buffer.get(), std::min(most_at_once, end - at), static_cast<off_t>(at));
    if (got <= 0) return failure("reading", folder_);
    at += static_cast<std::uint64_t>(got);
  }
  return way;
}

}  // namespace waitlab::server
