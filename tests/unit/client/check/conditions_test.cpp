#include "client/check/conditions.hpp"

#include "tests/unit/client/check/simulated_run.hpp"

#include <gmock/gmock.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

Conditions conditions_of(const CheckSubject& subject) {
  return find_conditions(subject.load, read_run_logs(subject));
}

TEST(Conditions, AreMetByATrueRun) {
  const Conditions conditions = conditions_of(subject_of({.requests = 2'000}));
  for (const Condition* condition : conditions.all())
    EXPECT_EQ(condition->met, true) << condition->text;
}

TEST(Conditions, WantAnOpenLoopOfPoissonArrivals) {
  CheckSubject subject = subject_of({.requests = 500});
  subject.load.offered_rate.reset();
  EXPECT_THAT(conditions_of(subject).poisson.text, HasSubstr("closed"));
  subject.load.offered_rate = 128;
  subject.load.arrivals = "constant";
  EXPECT_EQ(conditions_of(subject).poisson.met, false);
}

TEST(Conditions, SeeArrivalsThatOnlySayTheyArePoisson) {
  CheckSubject subject = subject_of({.requests = 500});
  std::vector<LoggedRequest> log = *subject.server_log;
  const UnixTime begin = log.front().enqueued;
  for (std::size_t n = 0; n < log.size(); ++n)
    log[n].enqueued = begin + n * std::chrono::milliseconds(8);
  subject.server_log = std::make_shared<const std::vector<LoggedRequest>>(log);
  EXPECT_EQ(conditions_of(subject).poisson.met, false);
}

TEST(Conditions, SeeTheCapAndTheListenQueue) {
  CheckSubject subject = subject_of({.requests = 500});
  subject.load.record.waited_for_connection = 3;
  subject.load.listen_overflows = 2;
  EXPECT_THAT(conditions_of(subject).connections.text, HasSubstr("3 requests waited"));
  EXPECT_EQ(conditions_of(subject).listen_queue.met, false);
  subject.load.listen_overflows.reset();
  EXPECT_EQ(conditions_of(subject).listen_queue.met, std::nullopt);
}

TEST(Conditions, FindNoEvidenceInTheLogsOfAnotherRun) {
  CheckSubject subject = subject_of({.requests = 500});
  subject.server_log_file = "requests.csv";
  subject.hold_log_file = "holds.csv";
  subject.seed = "beef";
  const Conditions none = conditions_of(subject);
  EXPECT_EQ(none.complete.text,
            "none of this run's requests are in requests.csv or holds.csv; give the log of this run");
  EXPECT_EQ(none.complete.met, false);
  for (const Condition* condition : {&none.poisson, &none.alone, &none.backend_uncapped, &none.exponential})
    EXPECT_EQ(condition->met, std::nullopt) << condition->text;
  subject.seed.reset();
  std::vector<Hold> holds = *subject.hold_log;
  for (Hold& hold : holds)
    hold.request_id = "beef-" + hold.request_id.substr(hold.request_id.find('-') + 1);
  subject.hold_log = std::make_shared<const std::vector<Hold>>(holds);
  const Conditions half = conditions_of(subject);
  EXPECT_THAT(half.complete.text, HasSubstr("none of this run's requests are in holds.csv;"));
  EXPECT_EQ(half.alone.met, true);
  EXPECT_EQ(half.backend_uncapped.met, std::nullopt);
}

TEST(Conditions, MissRequestsThatTheLogLost) {
  CheckSubject subject = subject_of({.requests = 500});
  std::vector<LoggedRequest> log = *subject.server_log;
  log.erase(log.begin() + 250);
  subject.server_log = std::make_shared<const std::vector<LoggedRequest>>(log);
  EXPECT_THAT(conditions_of(subject).complete.text, HasSubstr("499 of 500"));
}

TEST(Conditions, TellTheFirstThatIsBroken) {
  const Condition met{"met", true}, unknown{"unknown", std::nullopt}, first{"first", false}, second{"second", false};
  EXPECT_EQ(broken({&met, &unknown}), std::nullopt);
  EXPECT_EQ(broken({&met, &first, &second}), "first");
}

}  // namespace
}  // namespace waitlab::client
