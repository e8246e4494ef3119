#include "server/io/input_buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace waitlab::server {
namespace {

void receive(InputBuffer& buffer, std::string_view text) {
  const std::span<char> room = buffer.room();
  ASSERT_LE(text.size(), room.size());
  std::memcpy(room.data(), text.data(), text.size());
  buffer.received(text.size());
}

TEST(InputBuffer, IsEmptyAtFirstButHasRoom) {
  InputBuffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.unread(), "");
  EXPECT_FALSE(buffer.room().empty());
}

TEST(InputBuffer, ShowsWhatWasReceivedAndNotYetUsed) {
  InputBuffer buffer;
  receive(buffer, "abc");
  receive(buffer, "def");
  EXPECT_EQ(buffer.unread(), "abcdef");
  buffer.consume(2);
  EXPECT_EQ(buffer.unread(), "cdef");
  buffer.consume(4);
  EXPECT_TRUE(buffer.empty());
}

TEST(InputBuffer, HoldsNoMemoryOnceAllIsUsed) {
  InputBuffer buffer;
  receive(buffer, "abc");
  EXPECT_NE(buffer.unread().data(), nullptr);
  buffer.consume(3);
  EXPECT_EQ(buffer.unread().data(), nullptr);
}

TEST(InputBuffer, HoldsNoMemoryForWhatDidNotCome) {
  InputBuffer buffer;
  EXPECT_FALSE(buffer.room().empty());
  buffer.received(0);
  EXPECT_EQ(buffer.unread().data(), nullptr);
}

TEST(InputBuffer, MakesRoomAndKeepsWhatIsStillNeeded) {
  InputBuffer buffer;
  const std::size_t size = buffer.room().size();
  receive(buffer, std::string(size - 3, 'x') + "end");
  buffer.consume(size - 3);
  EXPECT_GE(buffer.room().size(), size);
  EXPECT_EQ(buffer.unread(), "end");
  receive(buffer, "more");
  EXPECT_EQ(buffer.unread(), "endmore");
}

TEST(InputBuffer, GivesMoreRoomToAPeerThatFillsItUpToALimit) {
  InputBuffer buffer;
  std::size_t before = buffer.room().size();
  EXPECT_EQ(before, InputBuffer::least_at_once);
  for (int time = 0; time < 10; ++time) {
    const std::size_t size = buffer.room().size();
    EXPECT_GE(size, before);
    before = size;
    receive(buffer, std::string(size, 'x'));
    buffer.consume(size);
  }
  EXPECT_EQ(before, InputBuffer::most_at_once);
  buffer.restart();
  EXPECT_EQ(buffer.room().size(), InputBuffer::least_at_once);
}

TEST(InputBuffer, LeavesNothingBehindWhenMoved) {
  InputBuffer buffer;
  receive(buffer, "abc");
  const InputBuffer moved(std::move(buffer));
  EXPECT_EQ(moved.unread(), "abc");
  EXPECT_TRUE(buffer.empty());  // NOLINT(bugprone-use-after-move): what is left is the question
}

}  // namespace
}  // namespace waitlab::server
