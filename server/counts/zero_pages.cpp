#include "server/counts/zero_pages.hpp"

#include <sys/mman.h>
#include <cerrno>
#include <system_error>

namespace waitlab::server {

ZeroPages::ZeroPages(std::size_t bytes)
    : memory_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)),
      bytes_(bytes) {
  if (memory_ == MAP_FAILED) throw std::system_error(errno, std::system_category(), "mmap");
}

ZeroPages::~ZeroPages() {
  ::munmap(memory_, bytes_);
}

void ZeroPages::forget() noexcept {
  ::madvise(memory_, bytes_, MADV_DONTNEED);
}

}  // namespace waitlab::server
