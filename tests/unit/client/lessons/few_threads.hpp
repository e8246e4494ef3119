#pragma once

#include <sys/resource.h>
#include <unistd.h>
#include <cstdint>
#include <fstream>
#include <stdexcept>

namespace waitlab::client {

/// While it lives, the kernel grants this process the stacks of a few more threads and then refuses: of `many_threads`
/// at once it grants some and not all. Not with sanitizers, which need the memory for themselves.
class FewThreads {
 public:
  static constexpr unsigned many_threads = 128;

  FewThreads() {
    std::uint64_t pages = 0;
    if (!(std::ifstream("/proc/self/statm") >> pages)) throw std::runtime_error("/proc/self/statm cannot be read");
    ::getrlimit(RLIMIT_AS, &before_);
    ::rlimit tight = before_;
    tight.rlim_cur = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + room;
    if (::setrlimit(RLIMIT_AS, &tight) != 0) throw std::runtime_error("the address space cannot be limited");
  }
  FewThreads(const FewThreads&) = delete;
  FewThreads& operator=(const FewThreads&) = delete;
  ~FewThreads() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  static constexpr std::uint64_t room = 20UL * 1024 * 1024;  ///< stacks have 8 MiB each, or 2

  ::rlimit before_{};
};

}  // namespace waitlab::client
