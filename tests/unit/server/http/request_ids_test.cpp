#include "server/http/request_ids.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using testing::MatchesRegex;

std::string assigned(RequestIds& ids, std::string_view from_client) {
  std::string id = "stale";
  ids.assign(id, from_client);
  return id;
}

TEST(RequestIds, KeepAValidIdOfTheClient) {
  RequestIds ids;
  for (const std::string& valid : {std::string("a"), std::string("Aa0-_.:z9"), std::string(128, 'x')})
    EXPECT_EQ(assigned(ids, valid), valid);
}

TEST(RequestIds, ReplaceAnInvalidOne) {
  RequestIds ids;
  for (const std::string& invalid : {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\r\nB: c"),
                                     std::string("a,b"), std::string("\xc3\xa4"), std::string("a\0", 2)}) {
    EXPECT_THAT(assigned(ids, invalid), MatchesRegex("[0-9a-f]{16}"));
  }
}

TEST(RequestIds, AreUniqueAcrossThreads) {
  RequestIds ids;
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& own : made) {
    threads.emplace_back([&ids, &own] {
      for (int count = 0; count < 1000; ++count)
        own.push_back(assigned(ids, {}));
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  std::set<std::string> all;
  for (const auto& own : made)
    all.insert(own.begin(), own.end());
  EXPECT_EQ(all.size(), 4000U);
}

TEST(RequestIds, DifferBetweenProcesses) {
  RequestIds here, there;
  EXPECT_NE(assigned(here, {}), assigned(there, {}));
}

}  // namespace
}  // namespace waitlab::server
