#include "client/fleet/worker.hpp"

#include "client/engine/load_run.hpp"
#include "client/fleet/admission.hpp"
#include "client/fleet/collector_link.hpp"
#include "client/fleet/message.hpp"
#include "client/stats/time_text.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace waitlab::client::fleet {
namespace {

using Clock = std::chrono::steady_clock;
using Heard = CollectorLink::Heard;

/// One worker from its connection to its end.
class Work {
 public:
  explicit Work(const WorkerOptions& options) : options_(options) {}

  WorkerOutcome run() {
    auto link = reach_collector(options_.collector, options_.wait, options_.stop);
    if (!link) return {WorkerEnd::failed, link.error().message};
    link_ = std::move(*link);
    while (!outcome_) {
      // One who was interrupted and has told what it has is soon sent home: the collector wants to hear of it first.
      const auto heard = link_->hear(made_ == 0 ? options_.stop : std::stop_token());
      if (!heard) return {WorkerEnd::failed, "it was interrupted while it waited for the collector"};
      std::visit([this](const auto& told) { take(told); }, *heard);
    }
    return *outcome_;
  }

 private:
  void take(const Challenge& challenge) {
    link_->send(Registration{.name = options_.name,
                             .version = WAITLAB_VERSION,
                             .proof = make_proof(options_.token, challenge.nonce, options_.name),
                             .cpus = static_cast<unsigned>(usable_cpus().size())});
  }

  void take(const Refusal& refusal) {
    outcome_ = welcome_ ? WorkerOutcome{WorkerEnd::failed, "the collector goes on without it: " + refusal.why}
                        : WorkerOutcome{WorkerEnd::refused, "the collector refused it: " + refusal.why};
  }

  void take(const Welcome& welcome) {
    welcome_ = true;
    say(fmt::format("registered as {} at {} ({} of {})", options_.name, options_.collector, welcome.place + 1,
                    welcome.places));
  }

  void take(const CollectorLink::Gone& gone) { outcome_ = {WorkerEnd::failed, "the collector was lost: " + gone.why}; }

  /// Without an order before it, there is nothing to start.
  void take(const Start&) {}

  void take(const Bye&) {
    if (made_ == 0)
      outcome_ = {WorkerEnd::failed, failure_};
    else
      outcome_ = invalid_.empty() ? WorkerOutcome{WorkerEnd::good, ""}
                                  : WorkerOutcome{WorkerEnd::invalid, "its part is INVALID: " + invalid_};
  }

  void take(const Order& order) {
    std::optional<ArrivalTally::Sums> arrivals;
    LoadOptions load = order.load;
    load.stop = link_->begin_run();
    load.agree_on_start = [this, stop = load.stop] { return await_start(stop); };
    load.on_progress = [this](const LoadProgress& progress) { tell(progress); };
    load.on_slice = [this](const Slice& slice) { slices_.slices.push_back(slice); };
    load.on_arrivals = [&arrivals](const ArrivalTally& tally) { arrivals = tally.sums(); };
    if (order.rows) {
      load.on_rows = [this](std::span<const RequestRow> rows) {
        rows_.rows.insert(rows_.rows.end(), rows.begin(), rows.end());
      };
    }
    const std::stop_callback pass_on(options_.stop, [this] { link_->cut(); });
    auto result = run_load(load);
    if (!result) return end_without_run(result.error().message);
    tell_result({std::move(*result), std::move(arrivals)});
  }

  /// The moment at which to start, by this machine's clock. Nothing if there is none.
  std::optional<Clock::time_point> await_start(const std::stop_token& stop) {
    link_->send(Ready{});
    auto heard = link_->hear(stop);
    const auto* const start = heard ? std::get_if<Start>(&*heard) : nullptr;
    if (start == nullptr) {
      unheard_ = std::move(heard);
      return std::nullopt;
    }
    const Clock::time_point at{std::chrono::nanoseconds(static_cast<std::int64_t>(start->at))};
    const auto late = Clock::now() - at;
    const bool in_time = late <= Clock::duration::zero();
    link_->send(Started{in_time ? 0 : static_cast<std::uint64_t>(late.count())});
    if (!in_time) return std::nullopt;
    say("the run starts");
    return at;
  }

  void end_without_run(const std::string& why) {
    if (unheard_) return std::visit([this](const auto& told) { take(told); }, *std::exchange(unheard_, std::nullopt));
    if (options_.stop.stop_requested()) {
      outcome_ = {WorkerEnd::failed, "it was interrupted before the run began"};
      return;
    }
    link_->send(CannotRun{why});
    failure_ = why;
  }

  void tell(const LoadProgress& progress) {
    if (!slices_.slices.empty()) link_->send(std::exchange(slices_, {}));
    if (!rows_.rows.empty()) link_->send(std::exchange(rows_, {}));
    link_->send(Progress{.sent = progress.sent,
                         .completed = progress.completed,
                         .errors = progress.errors,
                         .in_flight = progress.in_flight});
  }

  void tell_result(Outcome outcome) {
    ++made_;
    const LoadResult& result = outcome.result;
    say(fmt::format("its part is over: {} requests sent, {} completed; {}", result.record.requests.sent,
                    result.record.requests.completed, result.valid() ? "valid" : "INVALID"));
    if (!result.valid() && invalid_.empty()) invalid_ = result.invalid_because.front();
    link_->send(std::move(outcome));
  }

  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
  }

  const WorkerOptions& options_;
  std::unique_ptr<CollectorLink> link_;
  std::optional<Heard> unheard_;  ///< what came where a start was waited for
  Slices slices_;                 ///< that were not told yet
  Rows rows_;
  bool welcome_ = false;
  unsigned made_ = 0;    ///< runs
  std::string invalid_;  ///< why one of them is not valid
  std::string failure_ = "the collector sent it home without a run";
  std::optional<WorkerOutcome> outcome_;
};

}  // namespace

WorkerOutcome work(const WorkerOptions& options) {
  return Work(options).run();
}

}  // namespace waitlab::client::fleet
