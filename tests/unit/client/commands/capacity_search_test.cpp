#include "client/commands/capacity_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using Server = std::function<ProbeVerdict(double rate, std::size_t probe)>;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto passed = ProbeVerdict::passed;
constexpr auto server_failed = ProbeVerdict::server_failed;
constexpr auto client_failed = ProbeVerdict::client_failed;

/// What a probe shows, given its rate and how many probes came before it.

Server that_holds_up_to(double capacity) {
  return [capacity](double rate, std::size_t) { return rate <= capacity ? passed : server_failed; };
}

/// Runs the search to its end and returns the rates it probed.
std::vector<double> probe_all(CapacitySearch& search, const Server& server) {
  std::vector<double> rates;
  while (search.next() && rates.size() < 100) {
    rates.push_back(*search.next());
    search.feed({.verdict = server(rates.back(), rates.size() - 1), .why = {}});
  }
  return rates;
}

TEST(CapacitySearch, DoublesThenBisectsUntilTheRatesAreCloseEnough) {
  CapacitySearch search({.from = 10, .most = 1000, .precision = 0.2});
  const auto rates = probe_all(search, that_holds_up_to(60));
  EXPECT_THAT(rates, ElementsAre(10, 20, 40, 80, 80, 56.57, 67.27, 67.27, 56.57, 56.57, 56.57));
  EXPECT_EQ(search.highest_passed(), 56.57);
  EXPECT_EQ(search.lowest_failed()->rate, 67.27);
  EXPECT_EQ(search.lowest_failed()->verdict, server_failed);
}

TEST(CapacitySearch, ProbesRatesThatCanBeTypedAgain) {
  CapacitySearch search({.from = 10'000, .most = 100'000, .precision = 0.2});
  EXPECT_THAT(probe_all(search, that_holds_up_to(25'000)),
              ElementsAre(10'000, 20'000, 40'000, 40'000, 28'280, 28'280, 23'780, 23'780, 23'780, 23'780));
}

TEST(CapacitySearch, EnclosesEveryCapacityWithinItsPrecision) {
  for (double capacity = 10; capacity < 90'000; capacity *= 1.37) {
    CapacitySearch search({.from = 10, .most = 100'000, .precision = 0.05});
    const auto rates = probe_all(search, that_holds_up_to(capacity));
    ASSERT_TRUE(search.highest_passed() && search.lowest_failed()) << capacity;
    EXPECT_LE(*search.highest_passed(), capacity);
    EXPECT_GT(search.lowest_failed()->rate, capacity);
    EXPECT_LE(search.lowest_failed()->rate, *search.highest_passed() * 1.05);
    EXPECT_LE(rates.size(), 29u) << "14 doublings, 4 halvings, a second look at every failure, and three to confirm";
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
  EXPECT_THAT(rates, ElementsAre(10, 20, 20, 20, 40, 40, 40, 40)) << "a failure takes two passes";
  EXPECT_EQ(search.highest_passed(), 40);
  EXPECT_FALSE(search.lowest_failed());
}

TEST(CapacitySearch, GivesEachRateItsOwnSecondChance) {
  CapacitySearch search({.from = 10, .most = 20, .precision = 0.05});
  double last = 0;
  const auto rates = probe_all(
      search, [&last](double rate, std::size_t) { return std::exchange(last, rate) == rate ? passed : server_failed; });
  EXPECT_THAT(rates, ElementsAre(10, 10, 10, 20, 20, 20, 20, 20, 20));
  EXPECT_EQ(search.highest_passed(), 20);
}

TEST(CapacitySearch, ProbesLongerWhereChanceMayHaveDecided) {
  CapacitySearch search({.from = 10, .most = 10});
  const auto feed = [&search](ProbeVerdict verdict, bool close) {
    search.feed({.verdict = verdict, .why = {}, .close = close});
    return search.next() ? search.length() : 0;
  };
  EXPECT_EQ(search.length(), 1U);
  EXPECT_EQ(feed(passed, true), 2U);
  EXPECT_EQ(feed(server_failed, true), 4U);
  EXPECT_EQ(feed(passed, false), 4U) << "it passed twice, and is confirmed";
  EXPECT_EQ(search.highest_passed(), 10);
  CapacitySearch clear({.from = 10, .most = 10});
  clear.feed({.verdict = server_failed, .why = {}});
  EXPECT_EQ(clear.length(), 1U) << "a second look at a clear failure is as short";
}

TEST(CapacitySearch, ConfirmsWhatItFound) {
  CapacitySearch search({.from = 10, .most = 20});
  const auto rates = probe_all(search, [](double, std::size_t probe) { return probe == 3 ? server_failed : passed; });
  EXPECT_THAT(rates, ElementsAre(10, 20, 20, 20, 20));
  EXPECT_EQ(search.confirmation().passed, 2U);
  EXPECT_EQ(search.confirmation().of, 3U);
}

TEST(CapacitySearch, GoesOnBelowARateThatIsNotConfirmed) {
  CapacitySearch search({.from = 10, .most = 20, .precision = 0.5});
  const auto rates =
      probe_all(search, [](double, std::size_t probe) { return probe == 2 || probe == 3 ? server_failed : passed; });
  EXPECT_THAT(rates, ElementsAre(10, 20, 20, 20, 14.14, 14.14, 14.14, 14.14));
  EXPECT_EQ(search.highest_passed(), 14.14);
  EXPECT_EQ(search.lowest_failed()->rate, 20);
}

TEST(CapacitySearch, DoesNotCountWhatWasSpoilt) {
  CapacitySearch search({.from = 10, .most = 10});
  const auto rates =
      probe_all(search, [](double, std::size_t probe) { return probe % 3 == 2 ? passed : ProbeVerdict::spoilt; });
  EXPECT_EQ(rates.size(), 12U);
  EXPECT_EQ(search.confirmation().passed, 3U);
  EXPECT_FALSE(search.was_spoilt());
  CapacitySearch spoilt({.from = 10, .most = 10});
  EXPECT_THAT(probe_all(spoilt, [](double, std::size_t) { return ProbeVerdict::spoilt; }), ElementsAre(10, 10, 10));
  EXPECT_TRUE(spoilt.was_spoilt());
  EXPECT_FALSE(spoilt.highest_passed() || spoilt.lowest_failed());
}

TEST(CapacitySearch, TakesARateThatIsAlwaysSpoiltForOneTheClientCannotPutOn) {
  CapacitySearch search({.from = 10, .most = 100, .precision = 0.5});
  const auto rates =
      probe_all(search, [](double rate, std::size_t) { return rate > 20 ? ProbeVerdict::spoilt : passed; });
  EXPECT_THAT(rates, ElementsAre(10, 20, 40, 40, 40, 28.28, 28.28, 28.28, 20, 20, 20));
  EXPECT_EQ(search.highest_passed(), 20);
  EXPECT_EQ(search.lowest_failed()->verdict, ProbeVerdict::client_failed);
  EXPECT_FALSE(search.was_spoilt());
}

TEST(CapacitySearch, EndsEmptyHandedWhenTheFirstRateFailsTwice) {
  CapacitySearch search({.from = 10});
  EXPECT_THAT(probe_all(search, that_holds_up_to(5)), ElementsAre(10, 10));
  EXPECT_FALSE(search.highest_passed());
  EXPECT_EQ(search.lowest_failed()->rate, 10);
}

TEST(CapacitySearch, GoesNoHigherThanItMay) {
  CapacitySearch search({.from = 10, .most = 35});
  EXPECT_THAT(probe_all(search, that_holds_up_to(1e6)), ElementsAre(10, 20, 35, 35, 35, 35));
  EXPECT_EQ(search.highest_passed(), 35);
  EXPECT_FALSE(search.lowest_failed());
}

TEST(CapacitySearch, ProbesASingleRate) {
  CapacitySearch search({.from = 10, .most = 10});
  EXPECT_THAT(probe_all(search, that_holds_up_to(1e6)), ElementsAre(10, 10, 10, 10));
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

std::vector<Threshold> thresholds(const std::vector<const char*>& texts) {
  std::vector<Threshold> parsed;
  for (const char* text : texts)
    parsed.push_back(parse_threshold(text).value());
  return parsed;
}

/// A run at 100/s in whose second half of 10 s `completed` requests completed, each after this time.
LoadResult probe_run(std::uint64_t completed, std::chrono::nanoseconds response_time) {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 20s;
  result.connections = 50;
  LoadRecord& record = result.record;
  for (std::uint64_t i = 0; i < completed; ++i) {
    record.begin();
    record.complete({.intended = 0ns, .sent = 0ns, .ended = response_time}, 200);
  }
  record.second_half = {.due = 1000, .completed = completed};
  return result;
}

TEST(JudgeProbe, PassesWhatMeetsTheThresholdsAndKeepsUp) {
  const ProbeOutcome outcome = judge_probe(probe_run(1000, 50ms), thresholds({"p99<200ms", "errors<1%"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::passed);
  EXPECT_EQ(outcome.why, "");
}

TEST(JudgeProbe, NamesTheThresholdThatIsMissed) {
  const ProbeOutcome outcome = judge_probe(probe_run(1000, 300ms), thresholds({"errors<1%", "p99<200ms"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("p99<200ms is not met: 300 ms"));
}

// 97 % of 1,000 less 3 sqrt(1000) is 875.1.
TEST(JudgeProbe, AllowsThePoissonNoiseOfACountAndNoMore) {
  EXPECT_EQ(judge_probe(probe_run(876, 50ms), {}).verdict, ProbeVerdict::passed);
  const ProbeOutcome outcome = judge_probe(probe_run(875, 50ms), {});
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("1000 responses were due and 875 came"));
}

TEST(JudgeProbe, BlamesTheClientOnlyWhereItWasAtItsLimits) {
  LoadResult result = probe_run(1000, 300ms);
  result.invalid_because = {"the client itself was late"};
  const ProbeOutcome outcome = judge_probe(result, thresholds({"p99<200ms"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::spoilt);
  EXPECT_EQ(outcome.why, "the client itself was late");
  result.load_threads = {{.cpu_share = 0.95}};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::client_failed);
}

TEST(JudgeProbe, BlamesNoServerForWhatTheClientsQuotaOrAHypervisorTook) {
  LoadResult result = probe_run(1000, 300ms);
  result.record.waited_for_connection = 9;
  result.invalid_because = {"all connections were busy"};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::server_failed);
  result.cpu_loss.throttled = 0.5;
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::client_failed);
  result.cpu_loss = {.stolen = 0.5, .throttled = {}};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::spoilt);
}

TEST(JudgeProbe, SaysWhereChanceMayHaveDecided) {
  LoadResult result = probe_run(0, 1ms);
  for (int i = 1; i <= 1000; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0ns, .sent = 0ns, .ended = i * 1ms}, 200);
  }
  result.record.second_half = {.due = 1000, .completed = 1000};
  result.record.response_time.effective_samples.fill(1000);
  EXPECT_TRUE(judge_probe(result, thresholds({"p90<905ms"})).close);
  EXPECT_TRUE(judge_probe(result, thresholds({"p90<895ms"})).close) << "and yet it failed";
  EXPECT_FALSE(judge_probe(result, thresholds({"p90<950ms", "errors<1%"})).close);
  EXPECT_FALSE(judge_probe(result, thresholds({"p90<800ms"})).close);
}

TEST(JudgeProbe, BlamesTheServerIfItsServiceTimesAloneMissTheThresholdsOverEveryConnection) {
  LoadResult result = probe_run(1000, 300ms);
  result.record.waited_for_connection = 500;
  result.invalid_because = {"all 50 connections were busy"};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::server_failed);
  EXPECT_EQ(judge_probe(result, thresholds({"p99<400ms"})).verdict, ProbeVerdict::client_failed);
  result.load_threads = {{.cpu_share = 0.95}};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::client_failed);
}

TEST(JudgeProbe, BlamesTheServerIfNothingCompletes) {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 10s;
  result.record.begin();
  result.record.fail(ErrorKind::connect_refused, "Connection refused");
  result.invalid_because = {"no request completed"};
  const ProbeOutcome outcome = judge_probe(result, {});
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("Connection refused"));
}

TEST(JudgeProbe, CallsNoErrorAnswerServed) {
  LoadResult result = probe_run(0, 1ms);
  for (int i = 0; i < 1000; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0ns, .sent = 0ns, .ended = 1ms}, 404);
  }
  result.record.second_half = {.due = 1000, .completed = 1000};
  const ProbeOutcome outcome = judge_probe(result, thresholds({"p99<200ms", "errors<1%"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("errors<1% is not met: 1000 of 1000 requests"));
}

TEST(ProbeWarmup, GrowsForASlowServer) {
  EXPECT_EQ(probe_warmup(1s, std::nullopt), 1s);
  EXPECT_EQ(probe_warmup(1s, 50ms), 1s);
  EXPECT_EQ(probe_warmup(1s, 3s), 9s);
}

TEST(ProbeTime, GrowsWhereAPercentileNeedsTheSamples) {
  EXPECT_EQ(probe_time(5s, 1000, thresholds({"p99<1s"})), 5s);
  EXPECT_NEAR(std::chrono::duration<double>(probe_time(5s, 10, thresholds({"p50<1s", "p99<1s"}))).count(), 20, 1e-6);
  EXPECT_EQ(probe_time(5s, 10, thresholds({"errors<1%"})), 5s);
}

}  // namespace
}  // namespace waitlab::client
