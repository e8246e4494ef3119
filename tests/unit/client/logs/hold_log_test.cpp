#include "client/logs/hold_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr const char* holds_header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";

std::vector<Hold> holds_in(const std::string& text) {
  std::istringstream log(text);
  return read_holds(log);
}

UnixTime at(std::chrono::nanoseconds time) {
  return UnixTime(time);
}

TEST(HoldLog, AveragesWhatWasServedInATime) {
  const auto holds = holds_in(std::string(holds_header) +
                              "2a-0,/wait,100,1,0,1000000,served\n"
                              "2a-1,/wait,200,1,0,3000000,served\n"
                              "2a-2,/wait,200,1,0,9000000,aborted\n"
                              "ff-0,/wait,300,1,0,5000000,served\n");
  EXPECT_EQ(mean_hold(holds, at(100ns), at(200ns)), 2ms);
  EXPECT_EQ(mean_hold(holds, at(100ns), at(300ns)), 3ms);
  EXPECT_EQ(mean_hold(holds, at(301ns), at(400ns)), std::nullopt);
}

TEST(HoldLog, PassesOverWhatItCannotRead) {
  EXPECT_THAT(holds_in(""), IsEmpty());
  EXPECT_THAT(holds_in("some,other,file\n1,2,3\n"), IsEmpty());
  EXPECT_THAT(holds_in(std::string(holds_header) + "2a-1,/wait,x,1,0,5,served\n2a-1,/wait,1,1,0,,served\n2a-1,/wa"),
              IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
