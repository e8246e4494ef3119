#include "server/counts/shared_pages.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

namespace waitlab::server {

namespace {

constexpr std::uint64_t page_size = 4096;

void* map_pages(std::size_t bytes, const SharedPages::Place& place) {
  const int flags = MAP_NORESERVE | (place.file == nullptr ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
  const int file = place.file == nullptr ? -1 : place.file->descriptor();
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, file, static_cast<off_t>(place.offset));
  if (memory == MAP_FAILED) throw std::system_error(errno, std::system_category(), "mmap");
  return memory;
}

}  // namespace

SharedFile::SharedFile() : file_(::memfd_create("waitlab", MFD_CLOEXEC)) {}

std::optional<std::uint64_t> SharedFile::take(std::size_t bytes) {
  const std::uint64_t whole = (bytes + page_size - 1) / page_size * page_size;
  const std::scoped_lock lock(mutex_);
  if (::ftruncate(file_.get(), static_cast<off_t>(taken_ + whole)) != 0) return std::nullopt;
  return std::exchange(taken_, taken_ + whole);
}

SharedPages::SharedPages(std::size_t bytes, Place place)
    : bytes_(bytes), place_(place), memory_(map_pages(bytes, place)) {}

SharedPages::Place SharedPages::new_place(std::size_t bytes, SharedFile* file) {
  const auto offset = file == nullptr ? std::nullopt : file->take(bytes);
  return offset ? Place{file, *offset} : Place{};
}

SharedPages::~SharedPages() {
  ::munmap(memory_, bytes_);
}

void SharedPages::forget(std::size_t begin) noexcept {
  ::madvise(static_cast<std::byte*>(memory_) + begin, bytes_ - begin,
            place_.file == nullptr ? MADV_DONTNEED : MADV_REMOVE);
}

}  // namespace waitlab::server
