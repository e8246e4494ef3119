#include "client/experiment/hold_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";

std::map<std::uint64_t, std::chrono::nanoseconds> means_of(const std::string& text) {
  std::istringstream log(text);
  return mean_holds(log);
}

TEST(HoldLog, AveragesWhatWasServedBySeed) {
  const auto means = means_of(std::string(header) +
                              "2a-000000000000,/wait,1,1,0,1000000,served\n"
                              "2a-000000000001,/wait,1,1,0,3000000,served\n"
                              "2a-000000000002,/wait,1,1,0,9000000,aborted\n"
                              "ff-000000000000,/wait,1,1,0,5000000,served\n");
  EXPECT_THAT(means, ElementsAre(Pair(0x2a, 2ms), Pair(0xff, 5ms)));
}

TEST(HoldLog, PassesOverWhatItCannotRead) {
  EXPECT_THAT(means_of(""), IsEmpty());
  EXPECT_THAT(means_of("some,other,file\n1,2,3\n"), IsEmpty());
  EXPECT_THAT(means_of(std::string(header) + "by hand,/wait,1,1,0,5,served\n2a-1,/wait,1,1,0,,served\n2a-1,/wa"),
              IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
