#include "server/processes/forker.hpp"

#include "server/processes/fork_program.hpp"
#include "server/processes/start.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_start{10};

std::string own_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "waitlab-server";
}

struct Ends {
  FileDescriptor ours;
  FileDescriptor theirs;
};

Ends make_ends() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::system_category(), "socketpair");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// Waits for the processes of a program that has ended without doing so. Where this process is the one that orphans are
/// given to, as the first of a container is, they are its own by now; they are of the program's group, and the kernel
/// ended them with it. Elsewhere there are none.
void wait_for_orphans_of(pid_t program) {
  while (::waitpid(-program, nullptr, 0) > 0 || errno == EINTR) {
  }
}

/// Until the program says that it is ready.
void await_ready(int channel) {
  pollfd polled{channel, POLLIN, 0};
  Letter answer;
  if (::poll(&polled, 1, std::chrono::milliseconds(longest_start).count()) <= 0)
    throw std::runtime_error(fmt::format("what forks its processes was not ready within {} s", longest_start.count()));
  if (answer.receive(channel, true) != Letter::Received::yes)
    throw std::runtime_error("what forks its processes ended while it was started");
  if (answer.take<Started>() == Started::no) throw std::runtime_error(answer.take_text());
}

}  // namespace

Forker::Forker(const ApplicationParts& parts, Callbacks callbacks)
    : parts_(parts), callbacks_(std::move(callbacks)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) throw std::system_error(errno, std::system_category(), "eventfd");
  start();
}

/// The program reads the end of its orders, waits for its processes and ends, which ends the thread.
Forker::~Forker() {
  {
    const std::scoped_lock lock(mutex_);
    if (channel_) ::shutdown(channel_.get(), SHUT_WR);
  }
  if (program_) {
    program_->wait(longest_start);
    forget_program();
  }
  thread_.request_stop();
  ::eventfd_write(wake_.get(), 1);
}

void Forker::start() {
  Ends ends = make_ends();
  ChildProcess::Options options;
  options.command = {own_program(), std::string(fork_program_argument)};
  options.stdin_descriptor = ends.theirs.get();
  options.environment = {"LD_BIND_NOW=1"};  // or each process would look up each symbol anew
  options.stdout_to_stderr = true;
  auto program = ChildProcess::start(options);
  if (!program) throw std::runtime_error(program.error().message);
  ends.theirs.reset();
  if (PartsElsewhere::letter_about(parts_).send(ends.ours.get(), true) != Letter::Sent::yes)
    throw std::runtime_error("what forks its processes ended as soon as it was started");
  await_ready(ends.ours.get());
  program_ = std::move(*program);
  since_ = Clock::now();
  {
    const std::scoped_lock lock(mutex_);
    channel_ = std::move(ends.ours);
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

bool Forker::send(Letter job) {
  const std::scoped_lock lock(mutex_);
  if (!channel_) return false;
  const auto sent = unsent_.empty() ? job.send(channel_.get(), false) : Letter::Sent::not_now;
  if (sent == Letter::Sent::not_now) {
    unsent_.push_back(std::move(job));
    ::eventfd_write(wake_.get(), 1);
  }
  return sent != Letter::Sent::never;
}

bool Forker::tend(TimePoint now) {
  if (program_) {
    const auto code = program_->exit_code();
    if (!code) return true;
    const auto pause = pauses_.after(now - since_);
    spdlog::error(
        "what forks a process for each request ended ({}): requests in it were cut, and others are answered 503; next "
        "start in {} s",
        exit_text(*code), pause.count());
    forget_program();
    since_ = now + pause;
  }
  if (now < since_) return false;
  try {
    start();
    spdlog::info("what forks a process for each request runs again");
  } catch (const std::exception& error) {
    const auto pause = pauses_.after({});
    spdlog::error("what forks a process for each request cannot be started again: {}; next start in {} s", error.what(),
                  pause.count());
    since_ = now + pause;
  }
  return program_.has_value();
}

void Forker::forget_program() {
  const pid_t program = program_->pid();
  program_.reset();
  wait_for_orphans_of(program);
}

void Forker::run(const std::stop_token& stop) {
  const int channel = [this] {
    const std::scoped_lock lock(mutex_);
    return channel_.get();
  }();
  bool waiting = false;
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> polled{
        {{channel, static_cast<short>(waiting ? POLLIN | POLLOUT : POLLIN), 0}, {wake_.get(), POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled[1].revents != 0) {
      eventfd_t woken = 0;
      ::eventfd_read(wake_.get(), &woken);
    }
    if (!take_news()) return forget_channel();
    waiting = send_waiting();
  }
}

/// Takes what there is of it. Returns false once there will be none.
bool Forker::take_news() {
  for (;;) {
    Letter letter;
    const auto received = letter.receive(channel_.get(), false);
    if (received != Letter::Received::yes) return received == Letter::Received::none_yet;
    const auto news = letter.take<News>();
    if (news == News::served) callbacks_.on_served(read_served(letter));
    if (news == News::ended) callbacks_.on_ended(letter.take<Ended>());
    if (news == News::not_forked) callbacks_.on_not_forked(letter.take<NotForked>());
  }
}

/// Returns whether some still wait.
bool Forker::send_waiting() {
  const std::scoped_lock lock(mutex_);
  while (!unsent_.empty() && unsent_.front().send(channel_.get(), false) == Letter::Sent::yes)
    unsent_.pop_front();
  return !unsent_.empty();
}

void Forker::forget_channel() {
  {
    const std::scoped_lock lock(mutex_);
    channel_.reset();
    unsent_.clear();
  }
  callbacks_.on_lost();
}

}  // namespace waitlab::server
