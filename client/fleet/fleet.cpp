#include "client/fleet/fleet.hpp"

#include "client/engine/load_plan.hpp"
#include "client/engine/run_course.hpp"
#include "client/fleet/crew.hpp"
#include "client/fleet/door.hpp"
#include "client/fleet/fleet_result.hpp"
#include "client/fleet/muster.hpp"
#include "client/stats/time_text.hpp"
#include "common/process/process_stats.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// How often the collector looks up from its connections.
constexpr nanoseconds gathering_tick = 10ms;
constexpr nanoseconds running_tick = 200ms;

/// The start lies at least so far ahead, and so many times the longest round trip: the message has to be there before.
constexpr nanoseconds least_lead = 500ms;
constexpr int lead_round_trips = 4;

/// How long workers that were told to stop have for telling what they have.
constexpr nanoseconds longest_farewell = 15s;

/// By how much a clock has moved, if that is more than what is not known of it.
std::optional<nanoseconds> drift_of(const Member& member) {
  if (member.after.round_trips() == 0) return std::nullopt;
  const nanoseconds drift = member.after.offset() - member.before.offset();
  const nanoseconds unknown = member.before.uncertainty() + member.after.uncertainty();
  return std::chrono::abs(drift) > unknown ? std::optional(drift) : std::nullopt;
}

/// What there is to one run besides its members.
struct RunState {
  const LoadOptions& load;
  std::optional<Timeline> timeline{};  ///< once it began
  std::optional<RunCourse> course{};
  std::optional<Failure> cannot_run{};
  std::optional<Clock::time_point> stopped{};  ///< when the workers were told to
  Clock::time_point began{};
  nanoseconds cpu_before{0};
  std::uint64_t bytes_before = 0;
  std::string ended_early_by{};
  bool interrupted = false;
  bool aborted = false;
};

}  // namespace

class Fleet::Impl {
 public:
  explicit Impl(FleetOptions options)
      : options_(std::move(options)),
        crew_(options_.workers, {.on_message = [this](std::size_t place, FromWorker& message) { hear(place, message); },
                                 .say = [this](const std::string& line) { say(line); }}) {}

  Result<void> open() { return crew_.open(options_.listen, options_.token); }

  std::string address() const { return crew_.door().address(); }

  Result<LoadResult> run(const LoadOptions& load) {
    RunState state{load};
    run_ = &state;
    const auto ready = gather();
    if (!ready) return ready.error();
    if (*ready) {
      begin();
      await_outcomes();
    }
    LoadResult result = result_of(told(*ready));
    run_ = nullptr;
    if (muster().phase() == Muster::Phase::over) muster().gather_again();
    return result;
  }

  void send_home() { crew_.send_home(); }

 private:
  Muster& muster() { return crew_.muster(); }
  const Muster& muster() const { return crew_.muster(); }

  void hear(std::size_t place, FromWorker& message) {
    if (run_ == nullptr) return;  // between runs, what is late tells nothing
    std::visit([this, place](auto& told) { take(place, told); }, message);
  }

  // What a worker says, each heeded in the state in which it may be said.

  void take(std::size_t, const Registration&) {}
  void take(std::size_t, const Pong&) {}

  void take(std::size_t place, const Ready&) {
    if (muster().phase() == Muster::Phase::gathering && crew_.members()[place].ordered) muster().ready(place);
  }

  void take(std::size_t place, const CannotRun& told) {
    if (muster().phase() != Muster::Phase::gathering) return crew_.lose(place, told.why);
    run_->cannot_run = Failure{fmt::format("worker {}: {}", crew_.members()[place].part.name, told.why)};
  }

  void take(std::size_t place, const Started& started) {
    if (started.late_ns == 0) return;
    const nanoseconds late(static_cast<std::int64_t>(started.late_ns));
    crew_.lose(place, fmt::format("the start reached it {} late", short_time(late)));
  }

  void take(std::size_t place, const Progress& progress) {
    WorkerPart& part = crew_.members()[place].part;
    part.sent = progress.sent;
    part.completed = progress.completed;
    part.errors = progress.errors;
    part.in_flight = progress.in_flight;
  }

  void take(std::size_t place, const Slices& told) {
    if (!crew_.runs(place)) return;
    for (const Slice& slice : told.slices) {
      if (slice.step >= run_->timeline->step_begins.size())
        return crew_.lose(place, "it told of a step that the load does not have");
      run_->course->add(slice);
      if (run_->load.on_slice) run_->load.on_slice(slice);
    }
  }

  void take(std::size_t place, const Rows& told) {
    if (crew_.runs(place) && run_->load.on_rows) run_->load.on_rows(told.rows);
  }

  void take(std::size_t place, Outcome& outcome) {
    if (!crew_.runs(place)) return;
    Member& member = crew_.members()[place];
    const bool cut_itself = outcome.result.interrupted && !run_->stopped;
    member.part.result = std::move(outcome.result);
    member.arrivals = std::move(outcome.arrivals);
    muster().done(place);
    if (!cut_itself) return;
    run_->ended_early_by = member.part.name;
    stop_all(fmt::format("{} ended its part early; the others are stopped", member.part.name));
  }

  /// Whether all are ready; not if the time is over. Failure: there will be no run.
  Result<bool> gather() {
    const auto deadline = Clock::now() + options_.gather;
    for (Member& member : crew_.members())
      member.forget_run();
    while (!muster().all_ready()) {
      crew_.tick(gathering_tick);
      if (run_->load.stop.stop_requested()) return Failure{"it was interrupted before the run began"};
      if (run_->cannot_run) return *run_->cannot_run;
      if (Clock::now() >= deadline) return false;
      if (muster().all_present()) give_orders();
    }
    return true;
  }

  void give_orders() {
    for (std::size_t place = 0; place < crew_.members().size(); ++place) {
      Member& member = crew_.members()[place];
      if (member.ordered || !member.knows_clock()) continue;
      Order order{.load = run_->load, .rows = static_cast<bool>(run_->load.on_rows)};
      order.load.shard = {static_cast<unsigned>(place), options_.workers};
      crew_.send(place, order);
      member.ordered = true;
    }
  }

  void begin() {
    nanoseconds longest{0};
    for (const Member& member : crew_.members())
      longest = std::max(longest, member.before.round_trip());
    const nanoseconds lead = std::max(least_lead, lead_round_trips * longest);
    const Clock::time_point start = Clock::now() + lead;
    run_->timeline = make_timeline(run_->load, start);
    run_->course.emplace(*run_->timeline);
    run_->began = Clock::now();
    run_->cpu_before = process_usage().cpu_time;
    run_->bytes_before = crew_.bytes_in();
    muster().start();
    for (std::size_t place = 0; place < crew_.members().size(); ++place) {
      Member& member = crew_.members()[place];
      member.part.clock = {.offset = member.before.offset(), .uncertainty = member.before.uncertainty(), .drift = {}};
      member.after = {};
      const nanoseconds at = member.before.remote(start.time_since_epoch());
      crew_.send(place, Start{static_cast<std::uint64_t>(at.count())});
    }
    say(options_.workers == 1
            ? fmt::format("The worker is ready; the run starts in {}", short_time(lead))
            : fmt::format("All {} workers are ready; the run starts in {}", options_.workers, short_time(lead)));
    if (run_->load.on_begin) run_->load.on_begin(wall_time(run_->timeline->measure_from));
  }

  void await_outcomes() {
    while (muster().phase() == Muster::Phase::running) {
      crew_.tick(running_tick);
      show();
      if (run_->load.stop.stop_requested() && !run_->interrupted) {
        run_->interrupted = true;
        stop_all("Stopping the workers");
      }
      if (muster().broken()) stop_all("The result will not be valid; the other workers are stopped");
      if (run_->stopped && Clock::now() - *run_->stopped > longest_farewell) {
        lose_the_rest(fmt::format("it had not told what it had {} after it was stopped", short_time(longest_farewell)));
      } else if (Clock::now() > latest_end()) {
        lose_the_rest(fmt::format("it had not told its result {} after its end", short_time(longest_farewell)));
      }
    }
    show();
    for (Member& member : crew_.members())
      member.part.clock.drift = drift_of(member);
  }

  /// Shows where the run stands, and ends it if a threshold says so.
  void show() {
    const LoadOptions& load = run_->load;
    if (!load.on_progress && !load.abort_when) return;
    const auto now = Clock::now();
    LoadProgress progress = planned_progress(load, *run_->timeline, now);
    for (const Member& member : crew_.members()) {
      progress.sent += member.part.sent;
      progress.completed += member.part.completed;
      progress.errors += member.part.errors;
      progress.in_flight += member.part.in_flight;
    }
    run_->course->show(progress, now - run_->timeline->measure_from);
    if (load.on_progress) load.on_progress(progress);
    if (run_->stopped || !load.abort_when || !load.abort_when(progress)) return;
    run_->aborted = true;
    stop_all("A threshold is missed; the workers are stopped");
  }

  void stop_all(const std::string& why) {
    if (run_->stopped) return;
    run_->stopped = Clock::now();
    if (muster().phase() == Muster::Phase::running) say(why);
    for (std::size_t place = 0; place < crew_.members().size(); ++place) {
      if (crew_.runs(place)) crew_.send(place, Stop{});
    }
  }

  void lose_the_rest(const std::string& why) {
    for (std::size_t place = 0; place < crew_.members().size(); ++place) {
      if (crew_.runs(place)) crew_.lose(place, why);
    }
  }

  /// When all must have told what they have; never where only a count ends the run.
  Clock::time_point latest_end() const {
    const auto until = run_->timeline->measure_until;
    return until == Clock::time_point::max() ? until : until + run_->load.timeout + longest_farewell;
  }

  FleetRun told(bool began) {
    FleetRun run{.load = run_->load};
    run.ended_early_by = run_->ended_early_by;
    run.interrupted = run_->interrupted;
    run.aborted = run_->aborted && !run_->interrupted;
    run.gathering.workers = options_.workers;
    run.gathering.refused = crew_.door().refused();
    for (const Member& member : crew_.members()) {
      if (!member.part.name.empty() && (began || member.link)) run.workers.push_back(member.part);
    }
    if (!began) {
      run.not_begun = why_not_begun();
      return run;
    }
    run.course = &*run_->course;
    run.arrivals = all_arrivals();
    run.gathering.start_spread = start_spread();
    run.gathering.cpu_time = process_usage().cpu_time - run_->cpu_before;
    run.gathering.span = Clock::now() - run_->began;
    run.gathering.bytes_in = crew_.bytes_in() - run_->bytes_before;
    return run;
  }

  std::string why_not_begun() const {
    std::vector<std::string> waited_for;
    std::vector<std::string> here;
    for (const Muster::Place& place : muster().places()) {
      if (place.state == Muster::State::absent) continue;
      here.push_back(place.name);
      if (place.state == Muster::State::present) waited_for.push_back(place.name);
    }
    const std::string gathered = short_time(options_.gather);
    if (muster().all_present()) {
      return fmt::format(
          "no load was sent: not all workers were ready within {} (--gather); it was still waited for {}", gathered,
          and_list(waited_for));
    }
    return fmt::format("no load was sent: {} of {} workers came within {} (--gather){}", here.size(), options_.workers,
                       gathered, here.empty() ? "" : ": " + and_list(here));
  }

  static std::string and_list(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
  }

  std::optional<ArrivalTally> all_arrivals() const {
    auto tally = make_tally(run_->load);
    for (const Member& member : crew_.members()) {
      if (!tally || !member.arrivals || member.part.result->interrupted) return std::nullopt;
      tally->merge(*member.arrivals);
    }
    return tally;
  }

  /// Two starts are apart by no more than what is not known of both clocks.
  nanoseconds start_spread() const {
    std::vector<nanoseconds> unknown(2);
    for (const Member& member : crew_.members())
      unknown.push_back(member.part.clock.uncertainty);
    std::ranges::partial_sort(unknown, unknown.begin() + 2, std::ranges::greater{});
    return options_.workers > 1 ? unknown[0] + unknown[1] : nanoseconds(0);
  }

  void say(const std::string& line) const {
    const auto& told = run_ != nullptr ? run_->load.on_news : options_.say;
    if (told) told(line);
  }

  FleetOptions options_;
  RunState* run_ = nullptr;  ///< null between runs
  Crew crew_;
};

Result<std::unique_ptr<Fleet>> Fleet::listen(FleetOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto opened = impl->open(); !opened) return opened.error();
  return std::unique_ptr<Fleet>(new Fleet(std::move(impl)));
}

Fleet::Fleet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Fleet::~Fleet() {
  impl_->send_home();
}

std::string Fleet::address() const {
  return impl_->address();
}

Result<LoadResult> Fleet::run(const LoadOptions& load) {
  return impl_->run(load);
}

}  // namespace waitlab::client::fleet
