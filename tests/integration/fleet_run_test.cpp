#include "client/fleet/fleet.hpp"

#include "client/fleet/worker.hpp"
#include "common/net/file_descriptor.hpp"
#include "tests/support/gated_backend.hpp"
#include "tests/support/patience.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <list>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A worker on a thread of its own.
struct RunningWorker {
  std::stop_source stop;
  std::future<WorkerOutcome> outcome;
};

class FleetRunTest : public testing::Test {
 protected:
  void listen(unsigned workers, std::string token = "", std::chrono::nanoseconds gather = patience) {
    auto fleet = Fleet::listen({.workers = workers,
                                .listen = resolve_address("127.0.0.1", 0).value(),
                                .token = std::move(token),
                                .gather = gather,
                                .say = {}});
    fleet_ = std::move(fleet.value());
  }

  RunningWorker& start_worker(const std::string& name, const std::string& token = "") {
    RunningWorker& worker = workers_.emplace_back();
    WorkerOptions options{.collector = fleet_->address(),
                          .name = name,
                          .token = token,
                          .wait = patience,
                          .say = {},
                          .stop = worker.stop.get_token()};
    worker.outcome = std::async(std::launch::async, [options = std::move(options)] { return work(options); });
    return worker;
  }

  LoadOptions closed_loop(unsigned connections, std::uint64_t requests) const {
    LoadOptions load;
    load.url = "http://" + backend_.address() + "/path";
    load.connections = connections;
    load.requests = requests;
    load.timeout = patience;
    return load;
  }

  LoadOptions open_loop(double rate, std::uint64_t requests) const {
    LoadOptions load = closed_loop(1, requests);
    load.rate = rate;
    load.arrivals = ArrivalKind::poisson;
    return load;
  }

  /// Ends the collector, and with it the workers: how they end, in the order of their starts.
  std::vector<WorkerEnd> ends() {
    fleet_.reset();
    std::vector<WorkerEnd> ends;
    for (RunningWorker& worker : workers_)
      ends.push_back(worker.outcome.get().end);
    return ends;
  }

  GatedBackend backend_;
  std::list<RunningWorker> workers_;
  std::unique_ptr<Fleet> fleet_;  ///< goes first: the workers wait to be sent home
};

std::set<std::string> as_set(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

class FleetShardsTest : public FleetRunTest, public testing::WithParamInterface<unsigned> {};

TEST_P(FleetShardsTest, SendTheRequestsThatOneClientWouldSend) {
  backend_.open();
  const LoadOptions load = open_loop(400, 100);
  ASSERT_EQ(run_load(load).value().record.requests.sent, 100u);
  const std::set<std::string> alone = as_set(backend_.arrivals());

  GatedBackend other;
  other.open();
  LoadOptions shared = load;
  shared.url = "http://" + other.address() + "/path";
  listen(GetParam());
  for (unsigned i = 0; i < GetParam(); ++i)
    start_worker(fmt::format("w{}", i));
  const LoadResult result = fleet_->run(shared).value();

  EXPECT_EQ(as_set(other.arrivals()), alone);
  EXPECT_EQ(other.arrivals().size(), 100u);
  EXPECT_EQ(result.record.requests.sent, 100u);
  EXPECT_EQ(result.record.requests.completed, 100u);
  EXPECT_EQ(result.record.response_time.values.count(), 100u);
  EXPECT_EQ(result.offered_rate, 400);
  EXPECT_EQ(result.workers.size(), GetParam());
  ASSERT_TRUE(result.arrival_fit);
  EXPECT_EQ(result.arrival_fit->sends, 100u);
}

INSTANTIATE_TEST_SUITE_P(Workers, FleetShardsTest, testing::Values(1U, 2U, 4U),
                         [](const auto& param) { return fmt::format("Of{}", param.param); });

TEST_F(FleetRunTest, SplitsTheConnectionsAndRequestsOfAClosedLoop) {
  backend_.open();
  listen(2);
  start_worker("a");
  start_worker("b");
  const LoadResult result = fleet_->run(closed_loop(3, 41)).value();
  EXPECT_EQ(result.record.requests.sent, 41u);
  EXPECT_EQ(result.connections, 3u);
  std::vector<std::uint64_t> sent;
  for (const WorkerPart& worker : result.workers)
    sent.push_back(worker.result->record.requests.sent);
  EXPECT_THAT(sent, ElementsAre(21u, 20u));
  EXPECT_THAT(ends(), testing::Each(testing::AnyOf(WorkerEnd::good, WorkerEnd::invalid)));
}

TEST_F(FleetRunTest, TellsEveryRequestAndEverySlice) {
  backend_.open();
  listen(2);
  start_worker("a");
  start_worker("b");
  LoadOptions load = closed_loop(2, 30);
  std::set<std::uint64_t> rows;
  std::uint64_t in_slices = 0;
  load.on_rows = [&rows](std::span<const RequestRow> told) {
    for (const RequestRow& row : told)
      rows.insert(row.n);
  };
  load.on_slice = [&in_slices](const Slice& slice) { in_slices += slice.ended; };
  const LoadResult result = fleet_->run(load).value();
  EXPECT_EQ(rows.size(), 30u);
  EXPECT_EQ(in_slices, 30u);
  EXPECT_FALSE(result.timeline.empty());
}

TEST_F(FleetRunTest, KeepsItsWorkersForAnotherRun) {
  backend_.open();
  listen(2);
  start_worker("a");
  start_worker("b");
  for (const std::uint64_t requests : {10u, 20u})
    EXPECT_EQ(fleet_->run(closed_loop(2, requests)).value().record.requests.completed, requests);
}

TEST_F(FleetRunTest, SendsNoLoadWithoutAWorkerThatDoesNotCome) {
  listen(2, "", 200ms);
  start_worker("a");
  const LoadResult result = fleet_->run(closed_loop(2, 10)).value();
  EXPECT_THAT(result.invalid_because, ElementsAre(HasSubstr("no load was sent: ")));
  EXPECT_EQ(result.record.requests.sent, 0u);
  EXPECT_THAT(backend_.arrivals(), IsEmpty());
  EXPECT_THAT(ends(), ElementsAre(WorkerEnd::failed));
}

TEST_F(FleetRunTest, RefusesWhoDoesNotKnowTheToken) {
  listen(1, "secret", 200ms);
  RunningWorker& worker = start_worker("a", "guess");
  const LoadResult result = fleet_->run(closed_loop(1, 10)).value();
  EXPECT_FALSE(result.valid());
  EXPECT_THAT(result.gathering->refused, Contains(std::pair("wrong token", 1u)));
  EXPECT_EQ(worker.outcome.get().end, WorkerEnd::refused);
}

TEST_F(FleetRunTest, TakesWhoKnowsTheToken) {
  backend_.open();
  listen(1, "secret");
  start_worker("a", "secret");
  EXPECT_EQ(fleet_->run(closed_loop(1, 10)).value().record.requests.completed, 10u);
}

TEST_F(FleetRunTest, RefusesASecondWorkerOfAName) {
  listen(2, "", 500ms);
  start_worker("a");
  start_worker("a");
  const LoadResult result = fleet_->run(closed_loop(2, 10)).value();
  EXPECT_THAT(result.gathering->refused, Contains(std::pair("no place", 1u)));
  std::vector<WorkerEnd> found = ends();
  std::ranges::sort(found);
  EXPECT_THAT(found, ElementsAre(WorkerEnd::refused, WorkerEnd::failed));
}

TEST_F(FleetRunTest, RefusesWhoComesOnceTheRunHasBegun) {
  listen(1);
  start_worker("a");
  LoadOptions load = closed_loop(1, 1);
  bool came = false;
  load.on_progress = [this, &came](const LoadProgress& progress) {
    if (progress.in_flight == 0) return;
    if (!std::exchange(came, true)) start_worker("late");
    if (workers_.back().outcome.wait_for(0s) == std::future_status::ready) backend_.open();
  };
  const LoadResult result = fleet_->run(load).value();
  EXPECT_EQ(result.record.requests.completed, 1u);
  EXPECT_THAT(result.gathering->refused, Contains(std::pair("no place", 1u)));
  EXPECT_EQ(workers_.back().outcome.get().end, WorkerEnd::refused);
}

TEST_F(FleetRunTest, RefusesAndCountsWhatIsNoWorker) {
  backend_.open();
  listen(1);
  std::vector<FileDescriptor> strangers;
  const SocketAddress address = resolve_authority(fleet_->address()).value();
  using namespace std::string_view_literals;
  for (const std::string_view bytes : {"GET / HTTP/1.1\r\n\r\n"sv, "\0\0\0\2{}"sv, "\0\0\0\5hello"sv, "\0\0\0\0"sv}) {
    const FileDescriptor& stranger = strangers.emplace_back(::socket(address.family(), SOCK_STREAM, 0));
    ASSERT_EQ(::connect(stranger.get(), address.data(), address.length), 0);
    ASSERT_EQ(::send(stranger.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  start_worker("a");
  const LoadResult result = fleet_->run(closed_loop(1, 10)).value();
  EXPECT_EQ(result.record.requests.completed, 10u);
  EXPECT_THAT(result.gathering->refused, Contains(std::pair("garbage", 4u)));
}

TEST_F(FleetRunTest, FailsWhereTheLoadCannotBegin) {
  listen(2);
  start_worker("a");
  start_worker("b");
  LoadOptions load = closed_loop(2, 10);
  load.url = "http://127.0.0.1:1/";
  const auto result = fleet_->run(load);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, testing::ContainsRegex("worker [ab]: cannot connect to 127.0.0.1:1"));
  EXPECT_THAT(ends(), testing::Each(WorkerEnd::failed));
}

TEST_F(FleetRunTest, StopsAllAndKeepsWhatTheyHaveWhenItIsInterrupted) {
  listen(2);
  start_worker("a");
  start_worker("b");
  std::stop_source stop;
  LoadOptions load = closed_loop(2, 10);
  load.stop = stop.get_token();
  load.on_progress = [&stop](const LoadProgress& progress) {
    if (progress.in_flight == 2) stop.request_stop();
  };
  const LoadResult result = fleet_->run(load).value();
  EXPECT_THAT(result.invalid_because, Contains(HasSubstr("the run was interrupted")));
  EXPECT_EQ(result.record.requests.unfinished, 2u);
  EXPECT_TRUE(result.interrupted);
}

TEST_F(FleetRunTest, EndsAValidRunThatIsAborted) {
  listen(2);
  start_worker("a");
  start_worker("b");
  LoadOptions load = closed_loop(2, 10);
  load.abort_when = [this](const LoadProgress& progress) {
    if (progress.in_flight == 2) backend_.release(1);
    return progress.completed >= 1;
  };
  const LoadResult result = fleet_->run(load).value();
  EXPECT_TRUE(result.aborted);
  EXPECT_THAT(result.invalid_because, testing::Not(Contains(HasSubstr("the run was interrupted"))));
}

TEST_F(FleetRunTest, NamesTheWorkerThatEndedItsPartEarly) {
  listen(2);
  RunningWorker& first = start_worker("a");
  start_worker("b");
  LoadOptions load = closed_loop(2, 10);
  load.on_progress = [&first](const LoadProgress& progress) {
    if (progress.in_flight == 2) first.stop.request_stop();
  };
  const LoadResult result = fleet_->run(load).value();
  EXPECT_THAT(result.invalid_because, Contains(HasSubstr("worker a was told to end its part before its time")));
  EXPECT_EQ(result.record.requests.unfinished, 2u);
  EXPECT_THAT(ends(), ElementsAre(WorkerEnd::invalid, WorkerEnd::invalid));
}

}  // namespace
}  // namespace waitlab::client::fleet
