#include "common/process/child_process.hpp"

#include "common/net/wait_ready.hpp"
#include "common/process/program_image.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace waitlab {
namespace {

using Clock = std::chrono::steady_clock;
using boost::system::in_place_value;
using std::chrono::milliseconds;

constexpr milliseconds destructor_grace{2'000};

int decode_status(int status) noexcept {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Takes the first line out of `unread`, if it holds a whole one.
std::optional<std::string> take_line(std::string& unread) {
  const auto end = unread.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = unread.substr(0, end);
  unread.erase(0, end + 1);
  return line;
}

}  // namespace

std::string exit_text(int code) {
  return code > 128 ? fmt::format("signal {}", code - 128) : fmt::format("exit code {}", code);
}

Result<ChildProcess> ChildProcess::start(const Options& options) {
  auto image = ProgramImage::prepare(options);
  if (!image) return image.error();
  auto launched = image->launch();
  if (!launched) return launched.error();
  return ChildProcess(launched->pid, launched->stdout_fd);
}

ChildProcess::ChildProcess(pid_t pid, int stdout_fd) noexcept : pid_(pid), stdout_(stdout_fd) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      stdout_(std::exchange(other.stdout_, -1)),
      unread_(std::move(other.unread_)),
      exit_code_(std::exchange(other.exit_code_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  ChildProcess taken(std::move(other));
  std::swap(pid_, taken.pid_);
  std::swap(stdout_, taken.stdout_);
  std::swap(unread_, taken.unread_);
  std::swap(exit_code_, taken.exit_code_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) stop(destructor_grace);
  if (stdout_ >= 0) ::close(stdout_);
}

pid_t ChildProcess::pid() const noexcept {
  return pid_;
}

Result<std::string> ChildProcess::read_line(milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (true) {
    if (auto line = take_line(unread_)) return {in_place_value, std::move(*line)};
    if (wait_ready(stdout_, POLLIN, deadline)) {
      return Failure{fmt::format("process {} printed no line within {} ms", pid_, patience.count())};
    }
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(stdout_, buffer.data(), buffer.size());
    if (got > 0) {
      unread_.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got == 0 && !unread_.empty()) {
      return {in_place_value, std::exchange(unread_, {})};
    } else if (got == 0 || errno != EINTR) {
      return Failure{fmt::format("process {} closed its output without printing a line", pid_)};
    }
  }
}

void ChildProcess::signal(int number) noexcept {
  if (!exit_code()) ::kill(pid_, number);
}

std::optional<int> ChildProcess::exit_code() noexcept {
  if (exit_code_ || pid_ <= 0) return exit_code_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = decode_status(status);
  return exit_code_;
}

std::optional<int> ChildProcess::wait(milliseconds patience) noexcept {
  if (exit_code() || pid_ <= 0) return exit_code_;
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));  // glibc 2.36's wrapper doesn't link in C++
  if (handle < 0) return exit_code();
  wait_ready(handle, POLLIN, Clock::now() + patience);
  ::close(handle);
  return exit_code();
}

std::optional<int> ChildProcess::stop(milliseconds grace) noexcept {
  signal(SIGTERM);
  if (const auto code = wait(grace)) return code;
  if (::kill(pid_, SIGKILL) != 0 && errno == EPERM) return exit_code();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  exit_code_ = decode_status(status);
  return exit_code_;
}

}  // namespace waitlab
