#include "client/engine/load_run.hpp"
#include "tests/support/scripted_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

// This program's own malloc: glibc's, with a counter before it. operator new and everything else ends up here.
namespace {

std::atomic<std::uint64_t> allocations{0};
thread_local constinit bool counted = true;

void count_allocation() noexcept {
  if (counted) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  count_allocation();
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  count_allocation();
  return __libc_calloc(count, size);
}

void* realloc(void* block, std::size_t size) {
  count_allocation();
  return __libc_realloc(block, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count_allocation();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  count_allocation();
  *block = __libc_memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
}

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t few = 2'000;
constexpr std::uint64_t many = 12'000;

/// What is allowed beyond, by time and not by request: slices that a longer run has more of, and on a machine under
/// load the connections of an open loop and the wider histograms of a stall. One in every ten requests would exceed it.
constexpr std::uint64_t slack = (many - few) / 10 - 1;

ScriptedAnswer uncounted_ok(const SeenRequest&) {
  counted = false;  // this is a thread of the server
  return ok_answer();
}

/// Allocations on the load threads during a run of `requests` requests.
std::uint64_t allocations_of(LoadOptions options, std::uint64_t requests) {
  counted = false;  // what this thread does, it does a few times a second and not for each request
  const ScriptedServer server(uncounted_ok);
  options.url = server.url();
  options.requests = requests;
  options.timeout = 30s;
  const std::uint64_t before = allocations;
  EXPECT_EQ(run_load(options)->record.requests.completed, requests);
  return allocations - before;
}

/// Adds all that may be recorded: rows, slices, where a run stands, a mix.
LoadOptions with_everything(LoadOptions options) {
  options.targets = {{.path = "/a", .headers = {}, .body = {}}, {.path = "/b", .headers = {}, .body = {}}};
  options.on_rows = [](std::span<const RequestRow>) {};
  options.on_slice = [](const Slice&) {};
  options.on_progress = [](const LoadProgress&) {};
  return options;
}

void expect_none_per_request(const LoadOptions& options) {
  const std::uint64_t of_few = allocations_of(options, few);
  const std::uint64_t of_many = allocations_of(options, many);
  EXPECT_GT(of_few, 0u) << "making the load threads' connections is seen";
  EXPECT_LE(of_many, of_few + slack) << many - few << " requests more may cost no allocation each";
}

TEST(AllocationCount, SeesEveryAllocationOfOtherThreads) {
  counted = false;
  const std::uint64_t before = allocations;
  std::jthread([] {
    for (int i = 0; i < 100; ++i)
      static_cast<void>(std::make_unique<volatile int>(i));
  }).join();
  EXPECT_GE(allocations - before, 100u);
}

TEST(ClosedLoop, AllocatesNothingPerRequest) {
  LoadOptions options;
  options.connections = 4;
  expect_none_per_request(options);
  expect_none_per_request(with_everything(options));
}

TEST(OpenLoop, AllocatesNothingPerRequest) {
  LoadOptions options;
  options.rate = 6'000;
  options.max_connections = 16;
  expect_none_per_request(options);
  expect_none_per_request(with_everything(options));
}

}  // namespace
}  // namespace waitlab::client
