#pragma once

#include "server/counts/shared_pages.hpp"

#include <new>

namespace waitlab::server {

/// A T in pages of its own, which processes may share: it may hold no pointers, and what of it changes is made for
/// several processes. Whoever makes it destroys it.
template <class T>
class SharedObject {
 public:
  /// What T does not initialise is left as the zeros that it is, so that memory costs none until it is used.
  explicit SharedObject(SharedFile* file) : pages_(sizeof(T), file), made_(new (address()) T) {}
  /// That of another process.
  explicit SharedObject(SharedPages::Place place) : pages_(sizeof(T), place) {}
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;
  ~SharedObject() {
    if (made_ != nullptr) made_->~T();
  }

  T* operator->() const noexcept { return address(); }
  T& operator*() const noexcept { return *address(); }
  const SharedPages::Place& place() const noexcept { return pages_.place(); }

 private:
  T* address() const noexcept { return pages_.template as<T>(1).data(); }

  SharedPages pages_;
  T* const made_ = nullptr;
};

}  // namespace waitlab::server
