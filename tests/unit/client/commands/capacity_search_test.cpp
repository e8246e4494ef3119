#include "client/commands/capacity_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace waitlab::client {
namespace {

using testing::ElementsAre;

constexpr auto passed = ProbeVerdict::passed;
constexpr auto server_failed = ProbeVerdict::server_failed;
constexpr auto client_failed = ProbeVerdict::client_failed;

/// What a probe shows, given its rate and how many probes came before it.
using Server = std::function<ProbeVerdict(double rate, std::size_t probe)>;

Server that_holds_up_to(double capacity) {
  return [capacity](double rate, std::size_t) { return rate <= capacity ? passed : server_failed; };
}

/// Runs the search to its end and returns the rates it probed.
std::vector<double> probe_all(CapacitySearch& search, const Server& server) {
  std::vector<double> rates;
  while (search.next() && rates.size() < 100) {
    rates.push_back(*search.next());
    search.feed(server(rates.back(), rates.size() - 1));
  }
  return rates;
}

TEST(CapacitySearch, DoublesThenBisectsUntilTheRatesAreCloseEnough) {
  CapacitySearch search({.from = 10, .most = 1000, .precision = 0.2});
  const auto rates = probe_all(search, that_holds_up_to(60));
  EXPECT_THAT(rates, ElementsAre(10, 20, 40, 80, 80, 56.57, 67.27, 67.27));
  EXPECT_EQ(search.highest_passed(), 56.57);
  EXPECT_EQ(search.lowest_failed()->rate, 67.27);
  EXPECT_EQ(search.lowest_failed()->verdict, server_failed);
}

TEST(CapacitySearch, ProbesRatesThatCanBeTypedAgain) {
  CapacitySearch search({.from = 10'000, .most = 100'000, .precision = 0.2});
  EXPECT_THAT(probe_all(search, that_holds_up_to(25'000)),
              ElementsAre(10'000, 20'000, 40'000, 40'000, 28'280, 28'280, 23'780));
}

TEST(CapacitySearch, EnclosesEveryCapacityWithinItsPrecision) {
  for (double capacity = 10; capacity < 90'000; capacity *= 1.37) {
    CapacitySearch search({.from = 10, .most = 100'000, .precision = 0.05});
    const auto rates = probe_all(search, that_holds_up_to(capacity));
    ASSERT_TRUE(search.highest_passed() && search.lowest_failed()) << capacity;
    EXPECT_LE(*search.highest_passed(), capacity);
    EXPECT_GT(search.lowest_failed()->rate, capacity);
    EXPECT_LE(search.lowest_failed()->rate, *search.highest_passed() * 1.05);
    EXPECT_LE(rates.size(), 26u) << "14 doublings, 4 halvings, and a second look at every failure";
  }
}

TEST(CapacitySearch, EndsAtTheFinestPrecisionDespiteRoundedRates) {
  CapacitySearch search({.from = 9.99, .most = 100'000, .precision = 0.005});
  EXPECT_LT(probe_all(search, that_holds_up_to(1234.5)).size(), 100u);
  EXPECT_LE(*search.highest_passed(), 1234.5);
  EXPECT_LE(search.lowest_failed()->rate, *search.highest_passed() * 1.005);
}

TEST(CapacitySearch, ForgivesOneFailureOfARate) {
  CapacitySearch search({.from = 10, .most = 40, .precision = 0.05});
  const auto rates = probe_all(search, [](double, std::size_t probe) { return probe == 1 ? server_failed : passed; });
  EXPECT_THAT(rates, ElementsAre(10, 20, 20, 40));
  EXPECT_EQ(search.highest_passed(), 40);
  EXPECT_FALSE(search.lowest_failed());
}

TEST(CapacitySearch, GivesEachRateItsOwnSecondChance) {
  CapacitySearch search({.from = 10, .most = 20, .precision = 0.05});
  const auto rates = probe_all(search, [](double, std::size_t probe) { return probe % 2 ? passed : server_failed; });
  EXPECT_THAT(rates, ElementsAre(10, 10, 20, 20));
  EXPECT_EQ(search.highest_passed(), 20);
}

TEST(CapacitySearch, EndsEmptyHandedWhenTheFirstRateFailsTwice) {
  CapacitySearch search({.from = 10});
  EXPECT_THAT(probe_all(search, that_holds_up_to(5)), ElementsAre(10, 10));
  EXPECT_FALSE(search.highest_passed());
  EXPECT_EQ(search.lowest_failed()->rate, 10);
}

TEST(CapacitySearch, GoesNoHigherThanItMay) {
  CapacitySearch search({.from = 10, .most = 35});
  EXPECT_THAT(probe_all(search, that_holds_up_to(1e6)), ElementsAre(10, 20, 35));
  EXPECT_EQ(search.highest_passed(), 35);
  EXPECT_FALSE(search.lowest_failed());
}

TEST(CapacitySearch, ProbesASingleRate) {
  CapacitySearch search({.from = 10, .most = 10});
  EXPECT_THAT(probe_all(search, that_holds_up_to(1e6)), ElementsAre(10));
}

TEST(CapacitySearch, SaysWhoGaveOutAtTheLowestFailingRate) {
  CapacitySearch search({.from = 100, .most = 1000, .precision = 0.3});
  probe_all(search, [](double rate, std::size_t) {
    if (rate > 500) return client_failed;
    return rate > 250 ? server_failed : passed;
  });
  EXPECT_EQ(search.lowest_failed()->verdict, server_failed);
  CapacitySearch limited({.from = 100, .most = 1000, .precision = 0.3});
  probe_all(limited, [](double rate, std::size_t) { return rate > 250 ? client_failed : passed; });
  EXPECT_EQ(limited.lowest_failed()->verdict, client_failed);
}

}  // namespace
}  // namespace waitlab::client
