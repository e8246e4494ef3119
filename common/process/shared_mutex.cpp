#include "common/process/shared_mutex.hpp"

#include <cerrno>
#include <system_error>

namespace waitlab {

namespace {

void require(int error, const char* call) {
  if (error != 0) throw std::system_error(error, std::system_category(), call);
}

}  // namespace

SharedMutex::SharedMutex() {
  pthread_mutexattr_t attributes;
  require(::pthread_mutexattr_init(&attributes), "pthread_mutexattr_init");
  ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  const int error = ::pthread_mutex_init(&mutex_, &attributes);
  ::pthread_mutexattr_destroy(&attributes);
  require(error, "pthread_mutex_init");
}

SharedMutex::~SharedMutex() {
  ::pthread_mutex_destroy(&mutex_);
}

void SharedMutex::lock() {
  has_it(::pthread_mutex_lock(&mutex_));
}

bool SharedMutex::try_lock() {
  const int error = ::pthread_mutex_trylock(&mutex_);
  return error != EBUSY && has_it(error);
}

void SharedMutex::unlock() noexcept {
  ::pthread_mutex_unlock(&mutex_);
}

/// After a call that locks. The mutex of one who has died is locked, and unlocking it would make it unusable for good
/// if it were not declared consistent.
bool SharedMutex::has_it(int error) {
  if (error == EOWNERDEAD) {
    owner_died_ = true;
    error = ::pthread_mutex_consistent(&mutex_);
  }
  require(error, "pthread_mutex_lock");
  return true;
}

}  // namespace waitlab
