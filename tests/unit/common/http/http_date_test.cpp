#include "common/http/http_date.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace waitlab {
namespace {

std::string date_of(std::time_t time) {
  std::string out;
  append_http_date(out, time);
  return out;
}

TEST(HttpDate, IsAnImfFixdate) {
  EXPECT_EQ(date_of(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date_of(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date_of(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(date_of(1798761599), "Thu, 31 Dec 2026 23:59:59 GMT");
  EXPECT_EQ(date_of(4102444800), "Fri, 01 Jan 2100 00:00:00 GMT");
}

TEST(HttpDate, AppendsBehindWhatIsThere) {
  std::string out = "Date: ";
  append_http_date(out, 784111777);
  EXPECT_EQ(out, "Date: Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(HttpDate, FollowsTheSecondWhicheverWayItGoes) {
  std::string out;
  for (const std::time_t second : {100, 100, 101, 100})
    append_http_date(out, second);
  EXPECT_EQ(out, date_of(100) + date_of(100) + date_of(101) + date_of(100));
}

TEST(HttpDate, GivesManyThreadsWholeDates) {
  std::vector<std::string> texts(4);
  std::vector<std::thread> threads;
  for (std::string& text : texts) {
    threads.emplace_back([&text] {
      for (std::time_t second = 0; second < 500; ++second)
        append_http_date(text, second);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  std::string expected;
  for (std::time_t second = 0; second < 500; ++second)
    expected += date_of(second);
  for (const std::string& text : texts)
    EXPECT_EQ(text, expected);
}

}  // namespace
}  // namespace waitlab
