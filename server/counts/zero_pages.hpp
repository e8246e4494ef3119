#pragma once

#include <cstddef>
#include <span>

namespace waitlab::server {

/// Memory that reads as zeros and costs none until it is written to. Owns it.
class ZeroPages {
 public:
  /// Throws std::system_error if the kernel grants none.
  explicit ZeroPages(std::size_t bytes);
  ~ZeroPages();
  ZeroPages(const ZeroPages&) = delete;
  ZeroPages& operator=(const ZeroPages&) = delete;

  /// The memory as objects for which zeros are a value, and which need no destructor.
  template <class T>
  std::span<T> as(std::size_t count) const noexcept {
    return {static_cast<T*>(memory_), count};
  }

  /// Gives back what was written to; it reads as zeros again.
  void forget() noexcept;

 private:
  void* memory_;
  std::size_t bytes_;
};

}  // namespace waitlab::server
