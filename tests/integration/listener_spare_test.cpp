#include "server/connection/listener.hpp"

#include "common/net/file_descriptor.hpp"
#include "tests/support/http_connection.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <algorithm>
#include <filesystem>
#include <string>
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

TEST(ListenerWithoutDescriptors, AnswersAllThoughItLostTheSpareOne) {
  Tracer tracer;
  Telemetry telemetry{"event-loop", tracer};
  Site site;
  const std::vector<int> before = spare_ones();
  auto listener = Listener::open("listen", {"127.0.0.1", 0, 100, {16 * 1024, 1024}}).value();
  const int spare = new_one(before, spare_ones());
  std::vector<FileDescriptor> fill;  // every number below it is taken
  do {
    fill.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  } while (fill.back().get() < spare);
  std::vector<HttpConnection> clients;
  for (int client = 0; client < 3; ++client)
    clients.emplace_back(listener.address().port());
  std::vector<IdleConnection> taken;
  const auto take = [&taken](IdleConnection connection) { taken.push_back(std::move(connection)); };
  {
    // As if another thread had the spare one, just let go of, before the connection could.
    const DescriptorsEndAt none_is_free(spare);
    EXPECT_FALSE(listener.accept_ready(telemetry, site, take)) << "to be asked again later";
  }
  {
    const DescriptorsEndAt one_is_free(spare + 1);
    listener.accept_ready(telemetry, site, take);
  }
  for (HttpConnection& client : clients)
    EXPECT_EQ(client.receive().status, 503U);
  EXPECT_TRUE(taken.empty());
}

}  // namespace
}  // namespace waitlab::server
