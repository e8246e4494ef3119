#include "server/io/frame_pool.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

namespace waitlab::server {
namespace {

constexpr std::size_t sizes[] = {1, 63, 64, 65, 128, 500, 2047, 2048, 2049, 100'000};

TEST(FramePool, GivesFramesThatDoNotOverlap) {
  std::vector<std::pair<unsigned char*, std::size_t>> frames;
  for (int round = 0; round < 200; ++round) {
    for (const std::size_t size : sizes) {
      auto* const frame = static_cast<unsigned char*>(FramePool::allocate(size));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(frame) % alignof(std::max_align_t), 0U);
      std::memset(frame, static_cast<int>(frames.size() % 251), size);
      frames.emplace_back(frame, size);
    }
  }
  for (std::size_t index = 0; index < frames.size(); ++index) {
    const auto [frame, size] = frames[index];
    ASSERT_EQ(frame[0], index % 251);
    ASSERT_EQ(frame[size - 1], index % 251);
    FramePool::release(frame, size);
  }
}

TEST(FramePool, GivesASmallerFrameOfTheSameClassWholeSizes) {
  // A frame released as 65 bytes may come back for 128: both must be the memory of the larger.
  void* const first = FramePool::allocate(65);
  FramePool::release(first, 65);
  auto* const second = static_cast<unsigned char*>(FramePool::allocate(128));
  std::memset(second, 1, 128);
  FramePool::release(second, 128);
}

TEST(FramePool, TakesAFrameOfAnotherThread) {
  std::vector<void*> frames;
  std::thread([&frames] {
    for (int frame = 0; frame < 100; ++frame)
      frames.push_back(FramePool::allocate(200));
  }).join();
  for (void* const frame : frames)
    FramePool::release(frame, 200);
  std::thread([] { FramePool::release(FramePool::allocate(200), 200); }).join();
}

#ifndef WAITLAB_SANITIZED
TEST(FramePool, GivesAWarmThreadTheFrameItReleased) {
  void* const frame = FramePool::allocate(200);
  FramePool::release(frame, 200);
  void* const again = FramePool::allocate(200);
  EXPECT_EQ(again, frame);
  FramePool::release(again, 200);
}
#endif

}  // namespace
}  // namespace waitlab::server
