#include "server/connection/input_buffer.hpp"

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

TEST(InputBuffer, UsesItsMemoryAgainOnceAllIsUsed) {
  InputBuffer buffer;
  const char* const memory = buffer.room().data();
  const std::size_t size = buffer.room().size();
  for (int time = 0; time < 3; ++time) {
    receive(buffer, std::string(size, 'x'));
    buffer.consume(size);
    EXPECT_EQ(buffer.room().data(), memory);
    EXPECT_EQ(buffer.room().size(), size);
  }
}

TEST(InputBuffer, MovesTheRestToTheFrontBeforeItGrows) {
  InputBuffer buffer;
  const std::size_t size = buffer.room().size();
  receive(buffer, std::string(size - 3, 'x') + "end");
  buffer.consume(size - 3);
  EXPECT_EQ(buffer.room().size(), size - 3);
  EXPECT_EQ(buffer.unread(), "end");
}

TEST(InputBuffer, GrowsWhenAllOfItIsStillNeeded) {
  InputBuffer buffer;
  const std::size_t size = buffer.room().size();
  receive(buffer, std::string(size, 'x'));
  EXPECT_EQ(buffer.room().size(), size);
  EXPECT_EQ(buffer.unread(), std::string(size, 'x'));
}

}  // namespace
}  // namespace waitlab::server
