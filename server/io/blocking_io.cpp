#include "server/io/blocking_io.hpp"

#include "common/net/wait_ready.hpp"
#include "server/counts/thread_track.hpp"
#include "server/io/poll_set.hpp"

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <utility>

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

/// Blocks the thread until then.
std::error_code wait_until(Clock::time_point time) {
  // libstdc++'s steady_clock is CLOCK_MONOTONIC, so its time points can be slept until as they are.
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const timespec until{seconds.count(), std::chrono::nanoseconds(since_epoch - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
  return std::make_error_code(std::errc::timed_out);
}

std::error_code wait(const Call& call) {
  const ScopedActivity waiting(Activity::waiting);
  if (call.socket() == nullptr) return wait_until(call.until());
  return wait_ready(call.socket()->native_handle(), call.events(), call.until());
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

bool ImpatientIo::begin(Call& call) {
  return call.start() || call.advance(std::make_error_code(std::errc::timed_out));
}

}  // namespace waitlab::server
