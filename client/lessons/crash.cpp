#include "client/lessons/crash.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <system_error>

namespace waitlab::client {
namespace {

constexpr int bystander_lives = 42;
constexpr int no_worker = 43;

/// A page that nobody may touch.
class ForbiddenPage {
 public:
  ForbiddenPage() : page_(::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (page_ == MAP_FAILED) throw std::system_error(errno, std::system_category(), "a page of memory");
  }
  ForbiddenPage(const ForbiddenPage&) = delete;
  ForbiddenPage& operator=(const ForbiddenPage&) = delete;
  ~ForbiddenPage() { ::munmap(page_, size); }

  void* get() const noexcept { return page_; }

 private:
  static constexpr std::size_t size = 4096;
  void* page_;
};

using CloneCall = decltype(&::clone);

/// The C library's own: that of the thread sanitizer, which comes before it, fails in a forked process.
CloneCall find_clone() {
  void* const found = ::dlsym(RTLD_NEXT, "clone");
  return found == nullptr ? &::clone : reinterpret_cast<CloneCall>(found);
}

// What follows runs in a process forked from one with threads: it may call only what is async-signal-safe. So the
// thread is made by the system call, not by the library, whose locks another thread may have held at the fork.

int crash(void* page) {
  *static_cast<volatile char*>(page) = 1;
  return 0;
}

bool start_thread_that_crashes(CloneCall clone, void* page) {
  alignas(16) static std::array<char, 65536> stack;
  constexpr int as_threads_are = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  return clone(crash, stack.data() + stack.size(), as_threads_are, page) > 0;
}

bool wait_for_process_that_crashes(void* page) {
  const pid_t worker = ::fork();
  if (worker == 0) ::_exit(crash(page));
  return worker > 0 && ::waitpid(worker, nullptr, 0) == worker;
}

[[noreturn]] void stand_by(Crash kind, CloneCall clone, void* page) {
  // Where cores go to a program, the limit does not hold.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  // A sanitizer has a handler there.
  ::signal(SIGSEGV, SIG_DFL);
  if (kind == Crash::process) ::_exit(wait_for_process_that_crashes(page) ? bystander_lives : no_worker);
  if (!start_thread_that_crashes(clone, page)) ::_exit(no_worker);
  ::poll(nullptr, 0, 20'000);  // that it comes to its end takes microseconds, or longer on a busy machine
  ::_exit(bystander_lives);
}

}  // namespace

Bystander crash_beside(Crash kind) {
  const ForbiddenPage page;
  const CloneCall clone = find_clone();
  const pid_t bystander = ::fork();
  if (bystander == 0) stand_by(kind, clone, page.get());
  if (bystander < 0) throw std::system_error(errno, std::system_category(), "fork");
  int status = 0;
  while (::waitpid(bystander, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "waitpid");
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) return Bystander::died;
  if (WIFEXITED(status) && WEXITSTATUS(status) == bystander_lives) return Bystander::lives;
  throw std::system_error(EAGAIN, std::system_category(), "a worker");
}

}  // namespace waitlab::client
