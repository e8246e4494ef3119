#include "client/engine/load_plan.hpp"

#include "client/engine/load_run.hpp"
#include "client/engine/target.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

const Clock::time_point load_begin{100s};

LoadOptions base_load() {
  LoadOptions load;
  load.url = "http://localhost:8080/wait";
  load.seed = 7;
  load.warmup = 300ms;
  return load;
}

LoadOptions open_load(ArrivalKind arrivals) {
  LoadOptions load = base_load();
  load.arrivals = arrivals;
  load.rate = 997;  // such as no number of threads divides
  load.duration = 2s;
  return load;
}

LoadOptions counted_load(ArrivalKind arrivals) {
  LoadOptions load = open_load(arrivals);
  load.duration.reset();
  load.requests = 1001;
  return load;
}

LoadOptions stepped_load(ArrivalKind arrivals) {
  LoadOptions load = base_load();
  load.arrivals = arrivals;
  load.steps = {{.from = 300, .to = 300, .duration = 1s}, {.from = 300, .to = 900, .duration = 1500ms}};
  return load;
}

LoadOptions closed_load(std::uint64_t requests) {
  LoadOptions load = base_load();
  load.requests = requests;
  load.connections = 29;
  return load;
}

/// All that the feed has, taken as it is due; of a closed loop, as if each response came at once.
std::vector<Ticket> tickets_of(const LoadOptions& load, unsigned thread) {
  const auto feed = make_feed(load, make_timeline(load, load_begin), thread);
  std::vector<Ticket> tickets;
  // A closed loop's count is of measured requests: the warm-up is over.
  Clock::time_point now = load.open_loop() ? load_begin : load_begin + load.warmup;
  while (true) {
    now = std::max(now, feed->next_due(now).value_or(now));
    if (!feed->due(now)) return tickets;
    tickets.push_back(feed->take(now));
  }
}

/// One shard of a load that so many make together, with so many threads each.
LoadOptions shard_of(LoadOptions load, unsigned index, unsigned shards, unsigned threads) {
  load.shard = {index, shards};
  load.threads = threads;
  return load;
}

/// What all threads of all shards send, by number.
std::vector<Ticket> all_tickets(const LoadOptions& load, unsigned shards, unsigned threads) {
  std::vector<Ticket> all;
  for (unsigned index = 0; index < shards; ++index) {
    for (unsigned thread = 0; thread < threads; ++thread) {
      const auto tickets = tickets_of(shard_of(load, index, shards, threads), thread);
      all.insert(all.end(), tickets.begin(), tickets.end());
    }
  }
  std::ranges::sort(all, {}, &Ticket::n);
  return all;
}

/// The load as several processes and threads make it. Each calls the check with their numbers.
template <class Check>
void for_all_fleets(Check check) {
  for (unsigned shards = 1; shards <= 4; ++shards) {
    for (unsigned threads = 1; threads <= 2; ++threads) {
      SCOPED_TRACE(std::to_string(shards) + " shards of " + std::to_string(threads) + " threads");
      check(shards, threads);
    }
  }
}

void expect_same(const std::vector<Ticket>& tickets, const std::vector<Ticket>& wanted) {
  ASSERT_EQ(tickets.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ASSERT_EQ(tickets[i].n, wanted[i].n);
    ASSERT_EQ(tickets[i].intended, wanted[i].intended) << "request " << wanted[i].n;
    ASSERT_EQ(tickets[i].measured, wanted[i].measured) << "request " << wanted[i].n;
    ASSERT_EQ(tickets[i].step, wanted[i].step) << "request " << wanted[i].n;
  }
}

/// That the shards' requests are exactly those that one process sends, each once.
void expect_one_schedule(const LoadOptions& load) {
  const std::vector<Ticket> whole = tickets_of(load, 0);
  ASSERT_GT(whole.size(), 1000u);
  for (std::size_t i = 0; i < whole.size(); ++i)
    ASSERT_EQ(whole[i].n, i) << "none is left out, none comes twice";
  for_all_fleets([&](unsigned shards, unsigned threads) { expect_same(all_tickets(load, shards, threads), whole); });
}

TEST(LoadPlanShards, SendTheOneScheduleOfConstantArrivals) {
  expect_one_schedule(open_load(ArrivalKind::constant));
  const auto tickets = all_tickets(open_load(ArrivalKind::constant), 3, 2);
  EXPECT_EQ(tickets[997].intended, load_begin + 1s) << "and that is as often as was asked for";
  EXPECT_EQ(tickets.size(), 997 * 23 / 10 + 1u);
}

TEST(LoadPlanShards, SendTheOneScheduleOfPoissonArrivals) {
  expect_one_schedule(open_load(ArrivalKind::poisson));
}

TEST(LoadPlanShards, SendTheOneScheduleOfASeed) {
  LoadOptions other = open_load(ArrivalKind::poisson);
  other.seed = 8;
  expect_one_schedule(other);
  EXPECT_NE(all_tickets(other, 3, 1)[5].intended, all_tickets(open_load(ArrivalKind::poisson), 3, 1)[5].intended);
}

TEST(LoadPlanShards, SendAsManyRequestsAsWereAskedForOfAllOfThem) {
  for (const ArrivalKind arrivals : {ArrivalKind::constant, ArrivalKind::poisson}) {
    expect_one_schedule(counted_load(arrivals));
    for_all_fleets([&](unsigned shards, unsigned threads) {
      EXPECT_EQ(std::ranges::count(all_tickets(counted_load(arrivals), shards, threads), true, &Ticket::measured),
                1001);
    });
  }
}

TEST(LoadPlanShards, GoThroughTheSameStepsTogether) {
  expect_one_schedule(stepped_load(ArrivalKind::constant));
  expect_one_schedule(stepped_load(ArrivalKind::poisson));
}

TEST(LoadPlanShards, TakeTurnsSoThatNeighboursGoToDifferentShards) {
  const LoadOptions load = open_load(ArrivalKind::constant);
  EXPECT_EQ(tickets_of(shard_of(load, 2, 3, 2), 0)[0].n, 2u);
  EXPECT_EQ(tickets_of(shard_of(load, 2, 3, 2), 0)[1].n, 8u);
  EXPECT_EQ(tickets_of(shard_of(load, 2, 3, 2), 1)[0].n, 5u);
}

TEST(LoadPlanShards, OfAClosedLoopSendAsManyRequestsAsWereAskedForOfAllOfThem) {
  for (const std::uint64_t requests : {8u, 9u, 1001u}) {
    for_all_fleets([&](unsigned shards, unsigned threads) {
      const LoadOptions load = closed_load(requests);
      const std::vector<Ticket> tickets = all_tickets(load, shards, threads);
      EXPECT_EQ(tickets.size(), requests);
      EXPECT_EQ(std::ranges::adjacent_find(tickets, {}, &Ticket::n), tickets.end()) << "a number comes twice";
      for (unsigned index = 0; index < shards; ++index) {
        const LoadOptions shard = shard_of(load, index, shards, threads);
        std::uint64_t here = 0;
        for (unsigned thread = 0; thread < threads; ++thread)
          here += tickets_of(shard, thread).size();
        EXPECT_EQ(requests_here(shard), here);
        EXPECT_NEAR(static_cast<double>(here), static_cast<double>(requests) / shards, threads);
      }
    });
  }
}

TEST(LoadPlanShards, OfAClosedLoopWithoutACountHaveNone) {
  LoadOptions load = closed_load(1);
  load.requests.reset();
  EXPECT_FALSE(requests_here(shard_of(load, 0, 2, 1)));
}

/// The connections of each thread of a shard.
std::vector<unsigned> connections_of(const LoadOptions& load) {
  std::vector<unsigned> connections;
  for (const LoopPlan& plan : make_plans(load, parse_target(load.url).value(), {}, nullptr))
    connections.push_back(plan.connections);
  return connections;
}

/// That the connections of all threads of all shards are those of the whole.
void expect_connections(const LoadOptions& load, unsigned wanted) {
  for_all_fleets([&](unsigned shards, unsigned threads) {
    unsigned all = 0;
    for (unsigned index = 0; index < shards; ++index) {
      const LoadOptions shard = shard_of(load, index, shards, threads);
      unsigned here = 0;
      for (const unsigned connections : connections_of(shard)) {
        EXPECT_GE(connections, wanted / (shards * threads)) << "no thread has more than one less than another";
        here += connections;
      }
      EXPECT_EQ(most_connections_here(shard), here);
      EXPECT_EQ(most_connections(shard), wanted) << "whatever the shard";
      all += here;
    }
    EXPECT_EQ(all, wanted);
  });
}

TEST(LoadPlanShards, ShareTheConnectionsOfAClosedLoop) {
  expect_connections(closed_load(1001), 29);
  LoadOptions few = closed_load(1001);
  few.connections = 8;
  expect_connections(few, 8);
}

TEST(LoadPlanShards, ShareTheConnectionCapOfAnOpenLoop) {
  LoadOptions load = open_load(ArrivalKind::poisson);
  load.max_connections = 1003;
  expect_connections(load, 1003);
}

TEST(LoadPlanShards, HaveTheTimelineAndTheRateOfTheWhole) {
  for_all_fleets([&](unsigned shards, unsigned threads) {
    for (const LoadOptions& load : {open_load(ArrivalKind::poisson), counted_load(ArrivalKind::constant)}) {
      const LoadOptions shard = shard_of(load, shards - 1, shards, threads);
      EXPECT_EQ(make_timeline(shard, load_begin).measure_until, make_timeline(load, load_begin).measure_until);
      EXPECT_EQ(mean_rate(shard), 997);
      EXPECT_EQ(planned_progress(shard, make_timeline(shard, load_begin), load_begin + 1s).offered_rate, 997);
    }
  });
}

}  // namespace
}  // namespace waitlab::client
