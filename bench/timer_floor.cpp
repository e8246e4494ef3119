// How late this machine wakes a program that waits for its next turn with a timer, and does nothing else: the floor
// under the schedule lag of any load generator here.

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t head_start_ns = 10'000'000;

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * second_ns + now.tv_nsec;
}

/// Waits with timerfd and epoll, as an event loop does.
class Timer {
 public:
  Timer() {
    epoll_event event{.events = EPOLLIN, .data = {}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event);
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() {
    ::close(timer_);
    ::close(epoll_);
  }

  void wait_until(std::int64_t due_ns) const {
    const itimerspec setting{.it_interval = {}, .it_value = {due_ns / second_ns, due_ns % second_ns}};
    ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &setting, nullptr);
    epoll_event event{};
    ::epoll_wait(epoll_, &event, 1, -1);
  }

 private:
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  int timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
};

/// How late each turn came, ascending.
std::vector<std::int64_t> lags_ns(std::int64_t per_second, std::int64_t seconds) {
  const Timer timer;
  std::vector<std::int64_t> lags(static_cast<std::size_t>(per_second * seconds));
  const std::int64_t begin = now_ns() + head_start_ns;
  for (std::size_t i = 0; i < lags.size(); ++i) {
    const std::int64_t due = begin + static_cast<std::int64_t>(i) * second_ns / per_second;
    while (now_ns() < due)
      timer.wait_until(due);
    lags[i] = now_ns() - due;
  }
  std::sort(lags.begin(), lags.end());
  return lags;
}

}  // namespace

int main(int argc, char** argv) {
  const long per_second = argc == 3 ? std::strtol(argv[1], nullptr, 10) : 0;
  const long seconds = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if (per_second <= 0 || seconds <= 0) {
    std::fputs("Usage: timer_floor PER_SECOND SECONDS\n", stderr);
    return 2;
  }
  const std::vector<std::int64_t> lags = lags_ns(per_second, seconds);
  const auto us_at = [&lags](double share) {
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(lags.size() - 1));
    return static_cast<double>(lags[rank]) / 1e3;
  };
  std::printf("{\"p50\": %.1f, \"p99\": %.1f, \"max\": %.1f}\n", us_at(0.5), us_at(0.99), us_at(1));
  return 0;
}
