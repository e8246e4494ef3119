#include "client/fleet/frame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client::fleet {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t longest = 1000;

/// What comes out of a stream that is put in pieces of that length.
std::vector<std::string> texts_of(FrameReader& reader, std::string_view stream, std::size_t piece) {
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin < stream.size(); begin += piece) {
    reader.put(stream.substr(begin, piece));
    while (const auto text = reader.next())
      texts.push_back(*text);
  }
  return texts;
}

std::string every_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte)
    bytes += static_cast<char>(byte);
  return bytes;
}

TEST(Frame, BeginsWithTheLengthOfItsTextHighestByteFirst) {
  EXPECT_EQ(to_frame("abc"), "\0\0\0\3abc"sv);
  EXPECT_EQ(to_frame(std::string(0x01020304, 'x')).substr(0, 5), "\1\2\3\4x");
  EXPECT_EQ(to_frame(std::string(0xFFFE, 'x')).substr(0, 4), "\0\0\xFF\xFE"sv);
}

TEST(Frame, ComesWholeOutOfPiecesOfAnyLength) {
  const std::string any_bytes = every_byte();
  const std::string stream = to_frame("first") + to_frame(any_bytes) + to_frame("3");
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader(longest);
    EXPECT_THAT(texts_of(reader, stream, piece), ElementsAre("first", any_bytes, "3")) << "in pieces of " << piece;
    EXPECT_FALSE(reader.too_long());
  }
}

TEST(Frame, IsWaitedForUntilItsLastByte) {
  FrameReader reader(longest);
  EXPECT_FALSE(reader.next());
  const std::string frame = to_frame("text");
  for (const char byte : frame.substr(0, frame.size() - 1)) {
    reader.put({&byte, 1});
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.too_long());
  }
  reader.put("t");
  EXPECT_EQ(reader.next(), "text");
  EXPECT_FALSE(reader.next());
}

TEST(Frame, MayBeAsLongAsIsAllowed) {
  FrameReader reader(4);
  reader.put(to_frame("four"));
  EXPECT_EQ(reader.next(), "four");
  reader.put(to_frame("fifth"));
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.too_long());
}

TEST(Frame, IsRefusedByItsLengthBeforeItsTextComes) {
  FrameReader reader(longest);
  reader.put("\xFF\xFF\xFF");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.too_long()) << "the length is not all there";
  reader.put("\xFF");
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.too_long());
}

TEST(Frame, IsRefusedIfItHoldsNothing) {
  FrameReader reader(longest);
  reader.put(to_frame(""));
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.too_long());
}

TEST(Frame, BringsNoMoreTextsOnceOneIsTooLong) {
  FrameReader reader(4);
  EXPECT_THAT(texts_of(reader, to_frame("good") + to_frame("too long") + to_frame("late"), longest),
              ElementsAre("good"));
  reader.allow(longest);
  EXPECT_THAT(texts_of(reader, to_frame("late"), longest), IsEmpty()) << "nobody knows where the next one begins";
  EXPECT_TRUE(reader.too_long());
}

TEST(Frame, MayBeLongerOnceThatIsAllowed) {
  FrameReader reader(4);
  reader.put(to_frame("four") + to_frame("longer than four"));
  EXPECT_EQ(reader.next(), "four");
  reader.allow(longest);
  EXPECT_EQ(reader.next(), "longer than four");
}

// Pieces of a stream end where they will: a reader that lets go of its bytes only where a frame ends too may keep all.
TEST(Frame, IsForgottenOnceItWasTaken) {
  FrameReader reader(longest);
  constexpr std::size_t piece = 16;
  const std::string frame = to_frame("12345678901");  // 15 bytes
  std::string stream = "";
  for (int i = 0; i < 100; ++i)
    stream += frame;
  std::size_t most = 0;
  for (std::size_t begin = 0; begin + piece < stream.size(); begin += piece) {
    reader.put(std::string_view(stream).substr(begin, piece));
    most = std::max(most, reader.held());
    while (reader.next()) {
    }
  }
  EXPECT_LE(most, frame.size() + piece);
}

}  // namespace
}  // namespace waitlab::client::fleet
