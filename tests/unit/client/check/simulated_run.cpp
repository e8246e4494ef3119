#include "tests/unit/client/check/simulated_run.hpp"

#include "client/check/stays.hpp"

#include <fmt/format.h>

#include <cmath>
#include <random>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

const UnixTime origin{1'700'000'000s};

/// In (0, 1].
double uniform(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 1) * 0x1p-53;
}

nanoseconds exponential(std::mt19937_64& random, double mean_seconds) {
  return nanoseconds(std::llround(-std::log(uniform(random)) * mean_seconds * 1e9));
}

}  // namespace

std::vector<Stay> simulate(const SimulatedRun& run) {
  std::mt19937_64 random(run.seed);
  std::vector<FifoPool> pools;
  for (unsigned queue = 0; queue < run.queues && run.threads > 0; ++queue)
    pools.emplace_back(run.threads);
  std::vector<Stay> stays;
  nanoseconds now{0};
  for (std::size_t n = 0; n < run.requests; ++n) {
    now += exponential(random, 1 / run.rate);
    const nanoseconds hold = exponential(random, std::chrono::duration<double>(run.mean_hold).count());
    const nanoseconds late = run.hand_over > 0ns && uniform(random) <= run.handed_over ? run.hand_over : 0ns;
    const nanoseconds start = pools.empty() ? now : pools[random() % pools.size()].start(now, late + hold) + late;
    stays.push_back({.enqueued = now, .started = start, .ended = start + hold});
  }
  return stays;
}

StrategyFacts facts_of_pool(unsigned threads) {
  return {.worker = Worker::thread, .workers = threads, .holds_worker = true, .at_once = threads, .queue = 1024};
}

StrategyFacts facts_of_loop() {
  return {.worker = Worker::loop, .workers = 1};
}

CheckSubject subject_of(const SimulatedRun& run) {
  CheckSubject subject;
  subject.name = "simulated";
  subject.threads = run.said;
  subject.facts = run.said > 0 ? facts_of_pool(run.said) : facts_of_loop();
  subject.load.offered_rate = run.rate;
  subject.load.arrivals = "poisson";
  subject.load.started_at = "2023-11-14T22:13:20.000Z";  // the origin
  subject.load.listen_overflows = 0;
  subject.load.record.requests = {.sent = run.requests, .completed = run.requests};
  std::vector<LoggedRequest> server;
  std::vector<Hold> backend;
  for (const Stay& stay : simulate(run)) {
    const std::string id = fmt::format("1-{:012}", server.size());
    server.push_back({.request_id = id,
                      .enqueued = origin + stay.enqueued,
                      .started = origin + stay.started,
                      .ended = origin + stay.ended,
                      .status = 200,
                      .strategy = run.strategy});
    backend.push_back({.request_id = id, .arrival = origin + stay.started, .queued = 0ns, .held = stay.hold()});
    subject.load.record.service_time.record(stay.response());
    subject.load.record.response_time.record(stay.response());
  }
  subject.server_log = std::make_shared<const std::vector<LoggedRequest>>(std::move(server));
  subject.hold_log = std::make_shared<const std::vector<Hold>>(std::move(backend));
  return subject;
}

}  // namespace waitlab::client
