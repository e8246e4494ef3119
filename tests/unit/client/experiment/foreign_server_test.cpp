#include "client/experiment/foreign_server.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(ForeignServer, AUrlWithoutAPathTakesThatOfTheLoad) {
  EXPECT_EQ(url_to_load("http://h:1", "/wait?delay=1ms"), "http://h:1/wait?delay=1ms");
  EXPECT_EQ(url_to_load("http://h:1/", "/wait"), "http://h:1/");
  EXPECT_EQ(url_to_load("http://h:1/a?b", "/wait"), "http://h:1/a?b");
  EXPECT_EQ(url_to_load("http://h:1", ""), "http://h:1");
}

}  // namespace
}  // namespace waitlab::client
