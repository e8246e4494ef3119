#include "client/check/check.hpp"

#include "tests/unit/client/check/simulated_run.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string_view>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Nobody is to be asked of a run whose result tells what its strategy is.
Result<StrategyFacts> nobody(const std::string& strategy) {
  ADD_FAILURE() << "asked for " << strategy;
  return Failure{"nobody knows"};
}

CheckReport check(const CheckSubject& subject, const AskFacts& ask = nobody) {
  return check_run(subject, {}, ask);
}

const Finding& find(const CheckReport& report, const std::string& law, const std::string& figure) {
  const auto found = std::find_if(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
    return finding.law == law && finding.figure.find(figure) != std::string::npos;
  });
  if (found == report.findings.end()) throw std::runtime_error("no finding of " + law + ": " + figure);
  return *found;
}

FindingVerdict verdict_of(const CheckReport& report, const std::string& law) {
  CheckReport only;
  for (const Finding& finding : report.findings) {
    if (finding.law == law) only.findings.push_back(finding);
  }
  return only.verdict();
}

class TrueRun : public testing::TestWithParam<double> {};

INSTANTIATE_TEST_SUITE_P(Utilisations, TrueRun, testing::Values(80, 112, 128));

TEST_P(TrueRun, OfEightThreadsAgreesWithEveryLaw) {
  const CheckReport report = check(subject_of({.rate = GetParam()}));
  for (const char* law : {"Little", "replay", "Erlang-C"})
    EXPECT_EQ(verdict_of(report, law), FindingVerdict::agrees) << law;
}

struct Control {
  const char* name;
  SimulatedRun run;
};

class FailingControl : public testing::TestWithParam<Control> {};

INSTANTIATE_TEST_SUITE_P(SaidToBeEight, FailingControl,
                         testing::Values(Control{"seven", {.threads = 7}}, Control{"nine", {.threads = 9}},
                                         Control{"eight_queues", {.threads = 1, .queues = 8}},
                                         Control{"nine_half_idle", {.rate = 80, .threads = 9}}),
                         [](const auto& control) { return control.param.name; });

TEST_P(FailingControl, DiffersByReplayAndByErlang) {
  const CheckReport report = check(subject_of(GetParam().run));
  EXPECT_EQ(report.verdict(), FindingVerdict::differs);
  EXPECT_EQ(verdict_of(report, "replay"), FindingVerdict::differs);
  EXPECT_EQ(verdict_of(report, "Erlang-C"), FindingVerdict::differs);
  EXPECT_EQ(verdict_of(report, "Little"), FindingVerdict::agrees);  // it holds whatever the queue
}

TEST(CheckRun, ShowsABusyPoolAndDoesNotJudgeIt) {
  const CheckReport report = check(subject_of({.rate = 152}));
  const Finding& finding = find(report, "Erlang-C", "mean response");
  EXPECT_EQ(finding.verdict, FindingVerdict::not_judged);
  EXPECT_TRUE(finding.predicted && finding.measured && finding.tolerance);
  EXPECT_THAT(finding.why, HasSubstr("above 0.8"));
  EXPECT_EQ(verdict_of(report, "replay"), FindingVerdict::agrees);
}

struct Idler {
  const char* name;
  SimulatedRun run;
};

class HardlyBusyPool : public testing::TestWithParam<Idler> {};

// The replay lets hand-overs take up to 5 ms, and one in a hundred any time.
INSTANTIATE_TEST_SUITE_P(
    HandsOver, HardlyBusyPool,
    testing::Values(
        Idler{"one_slowly",
              {.rate = 80, .requests = 3'000, .threads = 200, .hand_over = 600us, .handed_over = 0.001, .said = 200}},
        Idler{"some_slowly", {.rate = 40, .hand_over = 600us, .handed_over = 0.03}},
        Idler{"few_very_slowly", {.rate = 40, .hand_over = 8ms, .handed_over = 0.008}}),
    [](const auto& idler) { return idler.param.name; });

TEST_P(HardlyBusyPool, AgreesWithErlang) {
  const CheckReport report = check(subject_of(GetParam().run));
  EXPECT_EQ(verdict_of(report, "replay"), FindingVerdict::agrees);
  EXPECT_EQ(find(report, "Erlang-C", "waited").verdict, FindingVerdict::agrees);
}

TEST(CheckRun, FindsAHardlyBusyPoolThatHandsOverTooSlowlyInDisagreement) {
  const CheckReport report = check(subject_of({.rate = 40, .hand_over = 8ms, .handed_over = 0.03}));
  EXPECT_EQ(find(report, "replay", "p99").verdict, FindingVerdict::differs);
  EXPECT_EQ(find(report, "Erlang-C", "waited").verdict, FindingVerdict::differs);
}

class EightClaimedToBe : public testing::TestWithParam<unsigned> {};

// With 7 the pool would be too busy for Erlang-C, with 6 overloaded.
INSTANTIATE_TEST_SUITE_P(Fewer, EightClaimedToBe, testing::Values(7, 6));

TEST_P(EightClaimedToBe, DiffersByReplay) {
  const CheckReport report = check(subject_of({.said = GetParam()}));
  EXPECT_EQ(verdict_of(report, "replay"), FindingVerdict::differs);
  EXPECT_EQ(report.verdict(), FindingVerdict::differs);
}

TEST(CheckRun, FindsAnOverloadedPoolThatHandsOverSlowlyInAgreementByReplay) {
  const CheckReport report = check(subject_of({.rate = 200, .hand_over = 100us}));
  EXPECT_EQ(verdict_of(report, "replay"), FindingVerdict::agrees);
  EXPECT_EQ(verdict_of(report, "Erlang-C"), FindingVerdict::not_judged);
}

TEST(CheckRun, SaysThatAPoolIsOverloaded) {
  const CheckReport report = check(subject_of({.rate = 200, .requests = 2'000}));
  EXPECT_EQ(find(report, "Erlang-C", "").verdict, FindingVerdict::not_judged);
  EXPECT_THAT(find(report, "Erlang-C", "").why, HasSubstr("overloaded"));
}

TEST(CheckRun, FindsThatTheClientSawLessThanTheServerLogged) {
  CheckSubject subject = subject_of({});
  subject.load.record.service_time = {};
  for (int n = 0; n < 10'000; ++n)
    subject.load.record.service_time.record(50ms);  // the mean is 64 ms
  EXPECT_EQ(verdict_of(check(subject), "Little"), FindingVerdict::differs);
}

TEST(CheckRun, AllowsTheWayThereAndBackOneMillisecondByLittle) {
  CheckSubject subject = subject_of({});
  CensoredHistogram& service = subject.load.record.service_time;
  service = {};
  for (const Stay& stay : simulate({}))
    service.record(stay.response() + 1ms);
  EXPECT_EQ(verdict_of(check(subject), "Little"), FindingVerdict::agrees);
  service = {};
  for (const Stay& stay : simulate({}))
    service.record(stay.response() + 5ms);
  EXPECT_EQ(verdict_of(check(subject), "Little"), FindingVerdict::differs);
}

TEST(CheckRun, JudgesNoLittleOfRequestsAsShortAsTheirWay) {
  CheckSubject brief = subject_of({.rate = 6'400, .mean_hold = 1ms});
  EXPECT_EQ(find(check(brief), "Little", "").verdict, FindingVerdict::not_judged);
  EXPECT_THAT(find(check(brief), "Little", "").why, HasSubstr("so short"));
  EXPECT_EQ(find(check(subject_of({.rate = 2'560, .mean_hold = 2500us})), "Little", "").verdict,
            FindingVerdict::agrees);
}

TEST(CheckRun, LetsARunStrayFurtherAmongOthers) {
  const CheckSubject subject = subject_of({});
  const Band alone = *find(check(subject), "Erlang-C", "mean").tolerance;
  const CheckReport among_nine = check_run(subject, plan_simulation(9), nobody);
  const Band together = *find(among_nine, "Erlang-C", "mean").tolerance;
  EXPECT_LT(together.low, alone.low);
  EXPECT_GT(together.high, alone.high);
  EXPECT_THAT(among_nine.notes, Contains(HasSubstr("99.44 % of 900 simulated runs")));
}

TEST(CheckRun, JudgesNoErlangOfHoldsOfAnotherLawButShowsAllenCunneen) {
  CheckSubject subject = subject_of({.rate = 80});
  std::vector<LoggedRequest> server = *subject.server_log;
  std::vector<Hold> backend = *subject.hold_log;
  for (std::size_t n = 0; n < server.size(); ++n) {
    server[n].started = server[n].enqueued;
    server[n].ended = server[n].enqueued + 50ms;
    backend[n].arrival = server[n].enqueued;
    backend[n].held = 50ms;
  }
  subject.server_log = std::make_shared<const std::vector<LoggedRequest>>(server);
  subject.hold_log = std::make_shared<const std::vector<Hold>>(backend);
  const CheckReport report = check(subject);
  EXPECT_EQ(find(report, "Erlang-C", "mean").verdict, FindingVerdict::not_judged);
  EXPECT_THAT(find(report, "Erlang-C", "mean").why, HasSubstr("not exponential"));
  EXPECT_NEAR(*find(report, "Erlang-C", "Allen-Cunneen").predicted, 0.0504, 0.0002);
}

/// As a server of today logs it, of which no more is said.
CheckSubject logged_with_facts(const std::vector<unsigned>& threads) {
  CheckSubject subject = subject_of({});
  std::vector<LoggedRequest> server = *subject.server_log;
  for (std::size_t n = 0; n < server.size(); ++n)
    server[n].facts = std::make_shared<const StrategyFacts>(facts_of_pool(threads[n * threads.size() / server.size()]));
  subject.server_log = std::make_shared<const std::vector<LoggedRequest>>(std::move(server));
  subject.threads.reset();
  subject.facts.reset();
  return subject;
}

TEST(CheckRun, TakesThePoolAndItsThreadsFromTheServersLog) {
  CheckSubject subject = logged_with_facts({8});
  EXPECT_EQ(verdict_of(check(subject), "replay"), FindingVerdict::agrees);
  EXPECT_EQ(verdict_of(check(subject), "Erlang-C"), FindingVerdict::agrees);
  subject.threads = 7;
  EXPECT_EQ(verdict_of(check(subject), "replay"), FindingVerdict::agrees) << "the log says better";
}

TEST(CheckRun, JudgesNoPoolThatWasSwitchedMeanwhile) {
  const CheckReport report = check(logged_with_facts({8, 16}));
  EXPECT_EQ(find(report, "replay", "").verdict, FindingVerdict::not_judged);
  EXPECT_THAT(find(report, "replay", "").why, HasSubstr("switched during the run"));
}

TEST(CheckRun, DoesWhatItCanWithoutTheServersLog) {
  CheckSubject subject = subject_of({});
  subject.server_log = nullptr;
  subject.strategy = "fixed-pool";
  const CheckReport report = check(subject);
  EXPECT_EQ(find(report, "Little", "").verdict, FindingVerdict::not_judged);
  EXPECT_EQ(find(report, "replay", "").verdict, FindingVerdict::not_judged);
  EXPECT_EQ(find(report, "Erlang-C", "mean").verdict, FindingVerdict::agrees);
  EXPECT_EQ(find(report, "Erlang-C", "p99").verdict, FindingVerdict::agrees);
  EXPECT_THAT(report.notes, Contains(HasSubstr("--server-log")));
}

TEST(CheckRun, JudgesNothingWithoutLogs) {
  CheckSubject subject = subject_of({.requests = 100});
  subject.server_log = nullptr;
  subject.hold_log = nullptr;
  subject.facts.reset();
  const CheckReport report = check(subject);
  EXPECT_EQ(report.verdict(), FindingVerdict::not_judged);
  EXPECT_THAT(report.notes, Contains(HasSubstr("--strategy")));
}

TEST(CheckRun, AsksWhatAStrategyIsThatOnlyALogNames) {
  CheckSubject subject = subject_of({.strategy = "tortoise"});
  subject.facts.reset();
  std::vector<std::string> asked;
  const auto pool = [&](const std::string& name) -> Result<StrategyFacts> {
    asked.push_back(name);
    return facts_of_pool(99);
  };
  const CheckReport report = check(subject, pool);
  EXPECT_THAT(asked, testing::ElementsAre("tortoise"));
  EXPECT_EQ(verdict_of(report, "Erlang-C"), FindingVerdict::agrees);
  EXPECT_THAT(report.setting, HasSubstr("tortoise of 8 threads")) << "as the run is said to have had, not as was asked";

  subject = subject_of({.threads = 0, .said = 0, .strategy = "tortoise"});
  subject.facts.reset();
  const auto loop = [](const std::string&) -> Result<StrategyFacts> { return facts_of_loop(); };
  EXPECT_EQ(verdict_of(check(subject, loop), "M/G/inf"), FindingVerdict::agrees);
}

TEST(CheckRun, SaysWhyItIsNotKnownWhatAStrategyIs) {
  CheckSubject subject = subject_of({.requests = 1'000, .strategy = "tortoise"});
  subject.facts.reset();
  const auto unknown = [](const std::string&) -> Result<StrategyFacts> { return Failure{"no such animal"}; };
  const CheckReport report = check(subject, unknown);
  EXPECT_THAT(report.notes, Contains(HasSubstr("tortoise is cannot be told: no such animal")));
  EXPECT_THAT(report.notes, Not(Contains(HasSubstr("--strategy"))));
  EXPECT_EQ(verdict_of(report, "Little"), FindingVerdict::agrees) << "it holds whatever serves";
  EXPECT_EQ(report.findings.size(), 1U);
}

struct Invented {
  const char* name;
  StrategyFacts facts;
  const char* law;
};

class InventedStrategy : public testing::TestWithParam<Invented> {};

INSTANTIATE_TEST_SUITE_P(
    Kinds, InventedStrategy,
    testing::Values(
        Invented{"pool", facts_of_pool(8), "Erlang-C"}, Invented{"loop", facts_of_loop(), "M/G/inf"},
        Invented{"made_anew", {.workers = 8, .holds_worker = true, .at_once = 8, .queue = {}}, "M/G/inf"},
        Invented{"loop_with_a_pool", {.workers = 8, .holds_worker = false, .at_once = {}, .queue = 64}, "M/G/inf"}),
    [](const auto& invented) { return invented.param.name; });

TEST_P(InventedStrategy, IsHeldToTheLawsOfWhatItIsWhateverItsName) {
  for (const char* name : {"tortoise", "fixed-pool", "event-loop"}) {
    CheckSubject subject = subject_of({.requests = 1'000, .strategy = name});
    subject.facts = GetParam().facts;
    const CheckReport report = check(subject);
    EXPECT_NO_THROW(find(report, GetParam().law, "")) << name;
    for (const char* other : {"Erlang-C", "M/G/inf"}) {
      if (std::string_view(other) == GetParam().law) continue;
      EXPECT_ANY_THROW(find(report, other, "")) << name;
    }
  }
}

TEST(CheckRun, CountsTheWorkersOfAPoolByWhatTheyAre) {
  CheckSubject subject = subject_of({.requests = 1'000, .strategy = "tortoise"});
  subject.facts->worker = Worker::process;
  EXPECT_THAT(check(subject).setting, HasSubstr("tortoise of 8 processes"));
}

TEST(CheckRun, AsksForTheThreadsOfAPool) {
  CheckSubject subject = subject_of({.requests = 100});
  subject.threads.reset();
  EXPECT_THAT(check(subject).notes, Contains(HasSubstr("--threads")));
}

TEST(CheckRun, FindsALoopWhoseResponsesAreTheirHoldsInAgreement) {
  const CheckReport report = check(subject_of({.threads = 0, .said = 0, .strategy = "event-loop"}));
  for (const char* figure : {"p50 response", "p90 response", "p99 response", "mean in flight", "dispersion"})
    EXPECT_EQ(find(report, "M/G/inf", figure).verdict, FindingVerdict::agrees) << figure;
  EXPECT_NEAR(*find(report, "M/G/inf", "mean in flight").predicted, 6.4, 0.2);
}

TEST(CheckRun, FindsALoopThatQueuesInDisagreement) {
  const CheckReport report = check(subject_of({.threads = 8, .said = 0, .strategy = "event-loop"}));
  EXPECT_EQ(find(report, "M/G/inf", "p50 response").verdict, FindingVerdict::differs);
  EXPECT_EQ(find(report, "M/G/inf", "mean in flight").verdict, FindingVerdict::differs);
}

TEST(CheckRun, DoesNotJudgeALoopWithoutTheHoldsOfItsMeasuredRequests) {
  CheckSubject subject = subject_of({.requests = 100, .threads = 0, .said = 0, .strategy = "event-loop"});
  subject.load.record.requests = {.sent = 50, .completed = 50};
  std::vector<Hold> backend = *subject.hold_log;
  backend.resize(50);  // of the warm-up
  subject.hold_log = std::make_shared<const std::vector<Hold>>(backend);
  EXPECT_THAT(find(check(subject), "M/G/inf", "response").why, HasSubstr("measured requests"));
}

TEST(CheckRun, DoesNotJudgeALoopInFrontOfACappedBackend) {
  CheckSubject subject = subject_of({.threads = 0, .said = 0, .strategy = "event-loop"});
  std::vector<Hold> backend = *subject.hold_log;
  backend[5].queued = 30ms;
  subject.hold_log = std::make_shared<const std::vector<Hold>>(backend);
  EXPECT_THAT(find(check(subject), "M/G/inf", "p50").why, HasSubstr("queued in the backend"));
}

}  // namespace
}  // namespace waitlab::client
