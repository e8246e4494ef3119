#include "server/runtime/bounded_queue.hpp"

#include "tests/support/long_past.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

TEST(BoundedQueue, GivesTheOldestFirst) {
  BoundedQueue<int> queue(3);
  for (const int item : {1, 2, 3})
    EXPECT_FALSE(queue.try_push(item));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
}

TEST(BoundedQueue, GivesBackWhatThereIsNoRoomFor) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_FALSE(queue.try_push(std::make_unique<int>(1)));
  const auto refused = queue.try_push(std::make_unique<int>(2));
  ASSERT_TRUE(refused);
  EXPECT_EQ(**refused, 2);
  EXPECT_EQ(**queue.pop(), 1);
  EXPECT_FALSE(queue.try_push(std::make_unique<int>(3)));
}

TEST(BoundedQueue, WithoutRoomTakesNothingWhileNobodyWaits) {
  BoundedQueue<int> queue(0);
  EXPECT_EQ(queue.try_push(1), 1);
}

/// Pushes again until it is taken: a consumer may not be waiting yet.
void hand_over(BoundedQueue<int>& queue, int item) {
  while (queue.try_push(item))
    std::this_thread::yield();
}

TEST(BoundedQueue, WithoutRoomHandsOverToAWaitingConsumer) {
  BoundedQueue<int> queue(0);
  int received = 0;
  std::thread consumer([&] { received = *queue.pop(); });
  hand_over(queue, 7);
  consumer.join();
  EXPECT_EQ(received, 7);
  EXPECT_EQ(queue.try_push(8), 8);
}

TEST(BoundedQueue, SaysWhenItsConsumersWait) {
  BoundedQueue<int> queue(0);
  std::thread consumer([&] { EXPECT_EQ(queue.pop(), 7); });
  queue.await_consumers(1);
  EXPECT_EQ(queue.try_push(7), std::nullopt);
  consumer.join();
}

TEST(BoundedQueue, HasRoomBesidesForWhatAConsumerTakes) {
  BoundedQueue<int> queue(1);
  std::thread consumer([&queue] { EXPECT_EQ(queue.pop(), 1); });
  hand_over(queue, 1);
  hand_over(queue, 2);
  EXPECT_EQ(queue.try_push(3), 3);
  consumer.join();
}

TEST(BoundedQueue, IsEmptiedAfterItWasClosed) {
  BoundedQueue<int> queue(2);
  queue.try_push(1);
  queue.try_push(2);
  queue.close();
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, CloseEndsEveryWaitingConsumer) {
  BoundedQueue<int> queue(1);
  std::vector<std::thread> consumers;
  for (int consumer = 0; consumer < 3; ++consumer)
    consumers.emplace_back([&queue] { EXPECT_EQ(queue.pop(), std::nullopt); });
  queue.close();
  for (std::thread& consumer : consumers)
    consumer.join();
}

TEST(BoundedQueue, LosesAndDoublesNothingAmongManyThreads) {
  constexpr int producers = 3, each = 2000;
  BoundedQueue<int> queue(5);
  std::vector<long> sums(4);
  std::vector<std::thread> consumers, pushing;
  for (long& sum : sums) {
    consumers.emplace_back([&queue, &sum] {
      while (const auto item = queue.pop())
        sum += *item;
    });
  }
  for (int producer = 0; producer < producers; ++producer) {
    pushing.emplace_back([&queue] {
      for (int item = 1; item <= each; ++item)
        hand_over(queue, item);
    });
  }
  for (std::thread& producer : pushing)
    producer.join();
  queue.close();
  for (std::thread& consumer : consumers)
    consumer.join();
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), 0L), producers * (each * (each + 1L) / 2));
}

TEST(BoundedQueue, HandsOverOnlyWhatAConsumerWaitsFor) {
  BoundedQueue<int> queue(10);
  const auto admit = [](int) {};
  EXPECT_EQ(queue.try_hand_over(1, admit), 1);
  std::jthread consumer([&queue] { EXPECT_EQ(queue.pop(), 2); });
  queue.await_consumers(1);
  EXPECT_EQ(queue.try_hand_over(2, admit), std::nullopt);
}

TEST(BoundedQueue, GivesUpWaitingAtTheDeadline) {
  BoundedQueue<int> queue(10);
  EXPECT_EQ(queue.pop(long_past), std::nullopt);
  EXPECT_FALSE(queue.closed());
  EXPECT_EQ(queue.try_push(1), std::nullopt);
  EXPECT_EQ(queue.pop(long_past), 1) << "what is there comes first";
}

}  // namespace
}  // namespace waitlab::server
