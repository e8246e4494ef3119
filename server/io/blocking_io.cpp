#include "server/io/blocking_io.hpp"

#include "common/net/wait_ready.hpp"
#include "server/counts/thread_track.hpp"
#include "server/io/io.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace waitlab::server {

namespace {

using Clock = Io::Clock;

class BlockingSocket final : public Socket {
 public:
  explicit BlockingSocket(FileDescriptor descriptor) noexcept
      : Socket(descriptor.get()), descriptor_(std::move(descriptor)) {}

  FileDescriptor release() override { return std::move(descriptor_); }

 private:
  FileDescriptor descriptor_;
};

/// What one thread waits for at the same time, blocked in one ppoll: sockets, moments, or both. Belongs to one thread;
/// owns none of its calls.
class PollSet {
 public:
  /// The call is resumed, inside `run`, once it is done.
  void add(Call& call) { calls_.push_back(&call); }

  /// Blocks, and resumes what can go on, until nothing waits any more.
  void run();

 private:
  std::vector<std::error_code> wait();

  std::vector<Call*> calls_;
};

/// What `advance` is not to be called for yet.
const std::error_code still_waiting = std::make_error_code(std::errc::operation_in_progress);

const std::error_code client_gone = std::make_error_code(std::errc::connection_aborted);

/// For poll, which skips what is none.
int handle_of(const Socket* socket) {
  return socket == nullptr ? -1 : socket->native_handle();
}

std::optional<timespec> left_until(Call::Clock::time_point time) {
  using namespace std::chrono_literals;
  if (time == Call::Clock::time_point::max()) return std::nullopt;
  const std::chrono::nanoseconds left = std::max<std::chrono::nanoseconds>(time - Call::Clock::now(), 0ns);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return timespec{seconds.count(), (left - seconds).count()};
}

void PollSet::run() {
  while (!calls_.empty()) {
    const std::vector<std::error_code> waited = wait();
    std::vector<Call*> waiting;
    std::vector<Call*> done;
    for (std::size_t index = 0; index < waited.size(); ++index) {
      Call* const call = calls_[index];
      const bool goes_on = waited[index] == still_waiting || !call->advance(waited[index]);
      (goes_on ? waiting : done).push_back(call);
    }
    calls_ = std::move(waiting);
    // What is resumed may add calls, and takes its own with it.
    for (const Call* call : done)
      call->resume();
  }
}

/// Blocks until something can go on; returns how each call's wait ended.
std::vector<std::error_code> PollSet::wait() {
  std::vector<pollfd> polled{{handle_of(calls_.front()->client()), 0, 0}};
  Call::Clock::time_point earliest = Call::Clock::time_point::max();
  for (const Call* call : calls_) {
    polled.push_back({handle_of(call->socket()), call->events(), 0});
    earliest = std::min(earliest, call->until());
  }
  const std::optional<timespec> left = left_until(earliest);
  const ScopedActivity waiting(Activity::waiting);
  const bool failed = ::ppoll(polled.data(), polled.size(), left ? &*left : nullptr, nullptr) < 0 && errno != EINTR;
  const std::error_code failure(errno, std::system_category());
  const Call::Clock::time_point now = Call::Clock::now();
  std::vector<std::error_code> waited;
  for (std::size_t index = 0; index < calls_.size(); ++index) {
    const bool late = calls_[index]->until() <= now;
    std::error_code ended = late ? std::make_error_code(std::errc::timed_out) : still_waiting;
    if (polled.front().revents != 0) ended = client_gone;
    if (polled[index + 1].revents != 0) ended = {};
    waited.push_back(failed ? failure : ended);
  }
  return waited;
}

/// What is awaited through this suspends, and is waited for by the set.
class GatheringIo final : public BlockingIo {
 public:
  explicit GatheringIo(PollSet& waiting) : waiting_(waiting) {}

  bool begin(Call& call) override { return call.start(); }
  void park(Call& call) override { waiting_.add(call); }

 private:
  PollSet& waiting_;
};

class BlockingGathering final : public Gathering {
 public:
  Io& io() noexcept override { return io_; }
  void finish() override { waiting_.run(); }

 private:
  PollSet waiting_;
  GatheringIo io_{waiting_};
};

/// Blocks the thread until then, or until the client has gone.
std::error_code sleep_until(Clock::time_point time, const Socket& client) {
  pollfd polled{client.native_handle(), 0, 0};
  const std::optional<timespec> left = left_until(time);
  return ::ppoll(&polled, 1, left ? &*left : nullptr, nullptr) > 0 ? client_gone : std::error_code();
}

/// Blocks the thread until then.
std::error_code sleep_until(Clock::time_point time) {
  // libstdc++'s steady_clock is CLOCK_MONOTONIC, so its time points can be slept until as they are.
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const timespec until{seconds.count(), std::chrono::nanoseconds(since_epoch - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
  return {};
}

std::error_code wait(const Call& call) {
  const ScopedActivity held(call.kind() == Call::Kind::lock ? Activity::locked : Activity::waiting);
  if (call.socket() != nullptr) {
    return wait_ready(call.socket()->native_handle(), call.events(), call.until(), handle_of(call.client()));
  }
  return call.client() == nullptr ? sleep_until(call.until()) : sleep_until(call.until(), *call.client());
}

}  // namespace

std::unique_ptr<Socket> BlockingIo::wrap(FileDescriptor descriptor) {
  return std::make_unique<BlockingSocket>(std::move(descriptor));
}

bool BlockingIo::begin(Call& call) {
  bool done = call.start();
  while (!done)
    done = call.advance(wait(call));
  return true;
}

void BlockingIo::park(Call&) {
  std::abort();
}

std::unique_ptr<Gathering> BlockingIo::gather() {
  return std::make_unique<BlockingGathering>();
}

IdleIo::IdleIo() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) throw std::system_error(errno, std::system_category(), "pipe2");
  watched_ = FileDescriptor(ends[0]);
  held_ = FileDescriptor(ends[1]);
}

/// Waits first: as a rule nothing is there yet.
bool IdleIo::begin(Call& call) {
  const ScopedActivity tied(Activity::tied);
  while (!call.advance(wait(call.socket()->native_handle(), call.events(), call.until()))) {
  }
  return true;
}

std::error_code IdleIo::wait(int descriptor, short events, Clock::time_point deadline) const noexcept {
  const std::error_code ended = wait_ready(descriptor, events, deadline, watched_.get());
  return ended == client_gone ? std::make_error_code(std::errc::operation_canceled) : ended;
}

void IdleIo::interrupt() noexcept {
  held_.reset();
}

bool ImpatientIo::begin(Call& call) {
  return call.start() || call.advance(std::make_error_code(std::errc::timed_out));
}

}  // namespace waitlab::server
