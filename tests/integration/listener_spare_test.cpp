#include "server/connection/listener.hpp"

#include "common/net/file_descriptor.hpp"
#include "tests/support/http_connection.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

/// No descriptor with that number or a higher one can be had for as long as this exists.
class DescriptorsEndAt {
 public:
  explicit DescriptorsEndAt(int number) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit lower = before_;
    lower.rlim_cur = static_cast<rlim_t>(number);
    ::setrlimit(RLIMIT_NOFILE, &lower);
  }
  DescriptorsEndAt(const DescriptorsEndAt&) = delete;
  DescriptorsEndAt& operator=(const DescriptorsEndAt&) = delete;
  ~DescriptorsEndAt() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

/// The descriptors that are open of /dev/null.
std::vector<int> spare_ones() {
  std::vector<int> numbers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the one that lists them
    if (std::filesystem::read_symlink(entry, gone) == "/dev/null")
      numbers.push_back(std::stoi(entry.path().filename()));
  }
  std::ranges::sort(numbers);
  return numbers;
}

/// The first of these that was not there before.
int new_one(const std::vector<int>& before, const std::vector<int>& now) {
  return *std::ranges::find_if(now, [&](int number) { return !std::ranges::binary_search(before, number); });
}

/// Every number below that of its spare descriptor is taken.
class ListenerWithoutDescriptors : public testing::Test {
 protected:
  ListenerWithoutDescriptors() {
    do {
      fill_.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    } while (fill_.back().get() < spare_);
  }

  void connect(int count) {
    for (int client = 0; client < count; ++client)
      clients_.emplace_back(listener_.address().port());
  }

  bool accept_ready() {
    return listener_.accept_ready(telemetry_, site_, [this](const IdleConnection&) { ++taken_; });
  }

  void expect_all_refused() {
    for (HttpConnection& client : clients_)
      EXPECT_EQ(client.receive().status, 503U);
    EXPECT_EQ(taken_, 0);
  }

  Tracer tracer_;
  Telemetry telemetry_{"event-loop", tracer_};
  Site site_;
  const std::vector<int> before_ = spare_ones();
  Listener listener_ = Listener::open("listen", {"127.0.0.1", 0, 100, {16 * 1024, 1024}}).value();
  const int spare_ = new_one(before_, spare_ones());
  std::vector<FileDescriptor> fill_;
  std::vector<HttpConnection> clients_;
  std::atomic<int> taken_ = 0;
};

TEST_F(ListenerWithoutDescriptors, AnswersAllThoughItLostTheSpareOne) {
  connect(3);
  {
    // As if another thread had the spare one, just let go of, before the connection could.
    const DescriptorsEndAt none_is_free(spare_);
    EXPECT_FALSE(accept_ready()) << "to be asked again later";
  }
  {
    const DescriptorsEndAt one_is_free(spare_ + 1);
    accept_ready();
  }
  expect_all_refused();
}

TEST_F(ListenerWithoutDescriptors, LetsNobodyTakeThePlaceThatAnotherMadeForARefusal) {
  constexpr int threads = 4;
  connect(100);
  {
    const DescriptorsEndAt one_is_free(spare_ + 1);
    std::latch all_there(threads);
    std::vector<std::jthread> accepting;
    for (int thread = 0; thread < threads; ++thread) {
      accepting.emplace_back([&] {
        all_there.arrive_and_wait();
        accept_ready();
      });
    }
  }
  expect_all_refused();
}

}  // namespace
}  // namespace waitlab::server
