#include "client/report/load_difference.hpp"

#include "tests/unit/client/report/runs_of.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(LoadDifference, IsNoneWhereOnlyTheServerDiffers) {
  auto b = run_of(2ms);
  b.result.url = "http://example.com/wait?delay=50ms";
  b.result.address = "192.0.2.1:80";
  b.result.window = 20s;
  b.result.connections = 7;  // the cap of an open loop
  EXPECT_TRUE(differences_in_load({run_of(1ms)}, {b}).empty());
}

TEST(LoadDifference, NamesWhatDiffersAndHow) {
  auto b = run_of(1ms);
  b.result.url = "http://127.0.0.1:8080";
  b.result.method = "POST";
  b.result.offered_rate = 120;
  b.result.arrivals = "constant";
  b.result.timeout = 500ms;
  b.result.targets = {{"GET", "/a"}, {"PUT", "/b"}};
  b.result.machine.cpus_usable = 4;
  b.result.machine.cpu_model = "Z80";
  const auto lines = differences_in_load({run_of(1ms)}, {b});
  const std::vector<std::string> expected{
      "different path: /wait?delay=50ms in A, / in B",         "different method: GET in A, POST in B",
      "different request mix: none in A, GET /a, PUT /b in B", "different offered rate: 100/s in A, 120/s in B",
      "different arrivals: poisson in A, constant in B",       "different time-out: 2.00 s in A, 500 ms in B",
      "different machine: 0 CPUs of  in A, 4 CPUs of Z80 in B"};
  EXPECT_EQ(lines, expected);
}

TEST(LoadDifference, ComparesTheConnectionsOfClosedLoops) {
  auto a = run_of(1ms);
  a.result.offered_rate.reset();
  a.result.connections = 10;
  auto b = a;
  b.result.connections = 20;
  EXPECT_EQ(differences_in_load({a}, {b}),
            std::vector<std::string>{"different number of connections: 10 in A, 20 in B"});
}

TEST(LoadDifference, SeesTheOddOneAmongRepeats) {
  auto odd = run_of(1ms);
  odd.result.offered_rate = 90;
  EXPECT_EQ(differences_in_load({run_of(1ms), odd, run_of(1ms)}, {run_of(1ms)}),
            std::vector<std::string>{"different offered rate: 100/s and 90/s in A, 100/s in B"});
}

}  // namespace
}  // namespace waitlab::client
