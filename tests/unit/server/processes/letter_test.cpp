#include "server/processes/letter.hpp"

#include <gmock/gmock.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <array>
#include <stdexcept>
#include <string>

namespace waitlab::server {
namespace {

class LetterTest : public testing::Test {
 protected:
  LetterTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()), 0);
    from = FileDescriptor(ends[0]);
    to = FileDescriptor(ends[1]);
  }

  Letter carried(const Letter& letter) const {
    EXPECT_EQ(letter.send(from.get(), false), Letter::Sent::yes);
    Letter received;
    EXPECT_EQ(received.receive(to.get(), false), Letter::Received::yes);
    return received;
  }

  FileDescriptor from;
  FileDescriptor to;
};

bool same_file(int one, int other) {
  struct stat first {};
  struct stat second {};
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_ino == second.st_ino;
}

TEST_F(LetterTest, CarriesValuesAndTextsInTheirOrder) {
  Letter letter;
  letter.put(7);
  letter.put_text("seven");
  letter.put(0.5);
  letter.put_text("");
  Letter received = carried(letter);
  EXPECT_EQ(received.take<int>(), 7);
  EXPECT_EQ(received.take_text(), "seven");
  EXPECT_EQ(received.take<double>(), 0.5);
  EXPECT_EQ(received.take_text(), "");
}

TEST_F(LetterTest, CarriesTextsOfAnyLength) {
  const std::string longest(3'000'000, 'x');
  const std::string least_too_long(32 * 1024 + 1, 'y');
  Letter letter;
  letter.put_text(longest);
  letter.put_text(least_too_long);
  Letter received = carried(letter);
  EXPECT_EQ(received.take_text(), longest);
  EXPECT_EQ(received.take_text(), least_too_long);
}

TEST_F(LetterTest, CarriesDescriptorsBesideThoseOfItsTexts) {
  Letter letter;
  letter.put_text(std::string(100'000, 'x'));
  letter.lend(from.get());
  Letter received = carried(letter);
  EXPECT_EQ(received.take_text().size(), 100'000U);
  EXPECT_TRUE(same_file(received.take_descriptor().get(), from.get()));
}

TEST_F(LetterTest, ThrowsWhereMoreIsTakenThanItHas) {
  Letter letter;
  letter.put(7);
  Letter received = carried(letter);
  EXPECT_THROW(received.take<double>(), std::logic_error);
  EXPECT_THROW(received.take_descriptor(), std::logic_error);
}

TEST_F(LetterTest, TellsThatNoneHasComeAndThatNoneWill) {
  Letter received;
  EXPECT_EQ(received.receive(to.get(), false), Letter::Received::none_yet);
  from.reset();
  EXPECT_EQ(received.receive(to.get(), false), Letter::Received::none_more);
}

TEST_F(LetterTest, TellsThatThereIsNoRoomAndThatNobodyReads) {
  Letter letter;
  letter.put_text(std::string(30'000, 'x'));
  while (letter.send(from.get(), false) == Letter::Sent::yes) {
  }
  EXPECT_EQ(letter.send(from.get(), false), Letter::Sent::not_now);
  to.reset();
  EXPECT_EQ(letter.send(from.get(), false), Letter::Sent::never);
}

}  // namespace
}  // namespace waitlab::server
