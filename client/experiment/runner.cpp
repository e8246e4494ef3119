#include "client/experiment/runner.hpp"

#include "client/engine/load_run.hpp"
#include "client/experiment/foreign_server.hpp"
#include "client/experiment/plan.hpp"
#include "client/experiment/program.hpp"
#include "client/experiment/sampler.hpp"
#include "client/experiment/server_status.hpp"
#include "client/logs/request_logs.hpp"
#include "client/record/utc_now.hpp"
#include "common/delay/delay_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <utility>

namespace waitlab::client {
namespace {

constexpr const char* interrupted = "the experiment was interrupted";
constexpr const char* not_reached = "the experiment ended before its turn";

/// The result before any run: what the experiment is, and where it is made; or what there is of it already.
ExperimentResult begin_result(const Experiment& experiment, const ExperimentOptions& options) {
  if (options.earlier) {
    ExperimentResult result = *options.earlier;
    result.missing.clear();
    return result;
  }
  ExperimentResult result;
  result.name = experiment.name;
  result.title = experiment.title;
  result.question = experiment.question;
  result.file = experiment.file;
  result.content = experiment.content;
  result.requests = experiment.requests_text;
  result.quick = experiment.quick;
  result.version = WAITLAB_VERSION;
  result.started_at = utc_now();
  result.targets = experiment.targets;
  result.load = experiment.load;
  result.thresholds = texts_of(experiment.thresholds);
  result.repeats = experiment.repeats;
  result.order = experiment.order;
  result.backend = experiment.backend_settings;
  result.machine = options.machine;
  result.placement = options.placement;
  return result;
}

/// A target's server process at rest, and what to load and watch.
struct Session {
  const PlannedSession& plan;
  RunningTarget& target;
  std::optional<std::uint64_t> idle_rss_bytes;
};

/// Goes through the plan and collects the result.
class Runner {
 public:
  Runner(const Experiment& experiment, const ExperimentOptions& options)
      : experiment_(experiment),
        options_(options),
        logs_(options.logs),
        result_(begin_result(experiment, options)),
        earlier_runs_(result_.runs.size()),
        sessions_(without(plan_sessions(experiment), result_.runs)),
        runs_(count_runs(sessions_)),
        pace_(planned_time(experiment, sessions_), runs_) {}

  Result<ExperimentResult> run();

 private:
  Result<Program> start_backend() const;
  void run_sessions(const std::string& backend);
  void run_session(const PlannedSession& session, const std::string& backend);
  void make_invalid_ones_again(const std::string& backend);
  void drop_superseded();
  std::size_t run_on_fresh_target(const PlannedSession& session, std::size_t first, const std::string& backend);
  void note_strategy(std::size_t target, const RunningTarget& running);
  std::optional<Failure> end_of_all();
  TargetEnvironment environment_of(const PlannedSession& session, std::size_t first, const std::string& backend) const;
  std::uint64_t left_in(std::size_t target) const;
  Result<ExperimentRun> measure(const Session& session, const PlannedRun& planned);
  LoadOptions load_options(const std::string& url, const PlannedRun& planned) const;
  void keep(std::size_t next_session);
  void add_mean_holds();
  void add_missing(const PlannedSession& session, std::size_t first, const std::string& reason);
  void miss(const PlannedSession& session, std::size_t first, const std::string& reason);
  void tell_trouble(const PlannedSession& session, const std::string& trouble) const;
  void tell(const PlannedSession& session, const PlannedRun& run, const std::string& doing) const;
  const ExperimentTarget& target_of(const PlannedSession& session) const { return experiment_.targets[session.target]; }
  std::string request_log_of(const PlannedSession& session, std::size_t first) const;

  /// When a run was made.
  struct Span {
    UnixTime begin;
    UnixTime end;
  };

  const Experiment& experiment_;
  const ExperimentOptions& options_;
  const LogNames logs_;
  ExperimentResult result_;
  const std::size_t earlier_runs_;
  const std::vector<PlannedSession> sessions_;
  std::size_t runs_;
  Pace pace_;
  std::optional<Program> backend_;  ///< nothing where servers wait by a timer
  unsigned attempt_ = 0;            ///< to make runs again that were not valid
  std::vector<Span> spans_;         ///< of the result's runs behind the earlier ones
};

Result<ExperimentResult> Runner::run() {
  if (experiment_.backend_mode == "timer") {
    run_sessions("");
  } else {
    auto backend = start_backend();
    if (!backend) return backend.error();
    backend_ = std::move(*backend);
    run_sessions(backend_->address(0));
    static_cast<void>(backend_->stop());
    add_mean_holds();  // again: now its log is whole
  }
  result_.interrupted = options_.stop.stop_requested();
  return std::move(result_);
}

Result<Program> Runner::start_backend() const {
  std::vector<std::string> command{options_.programs.backend.string(), "--set", "listen.port=0"};
  DelayProfile profile = experiment_.backend;
  profile.hold_log = logs_.holds();
  for (const std::string& setting : delay_profile_settings(profile, "profile.")) {
    command.insert(command.end(), {"--set", setting});
  }
  return Program::start({.name = "the backend",
                         .command = command,
                         .cpus = options_.placement.client_and_backend,
                         .log = logs_.backend(),
                         .prefixes = {"listening on"}},
                        options_.stop);
}

void Runner::run_sessions(const std::string& backend) {
  for (std::size_t index = 0; index < sessions_.size(); ++index) {
    keep(index);
    run_session(sessions_[index], backend);
  }
  for (unsigned retry = 0; retry < experiment_.retries; ++retry)
    make_invalid_ones_again(backend);
}

/// Of this part, each with its own seed, so that it still pairs with those of the other targets.
void Runner::make_invalid_ones_again(const std::string& backend) {
  std::vector<ExperimentRun> invalid(result_.runs.begin() + static_cast<std::ptrdiff_t>(earlier_runs_),
                                     result_.runs.end());
  std::erase_if(invalid, [](const ExperimentRun& run) { return run.load.valid(); });
  const auto sessions = only(plan_sessions(experiment_), invalid);
  if (sessions.empty() || end_of_all()) return;
  ++attempt_;
  runs_ += count_runs(sessions);
  pace_.add(planned_time(experiment_, sessions), count_runs(sessions));
  for (const PlannedSession& session : sessions) {
    keep(sessions_.size());
    run_session(session, backend);
    drop_superseded();
  }
}

/// Of two runs of the same, the first gives its place to the second; and nothing is missing of which there is a run.
void Runner::drop_superseded() {
  const auto same_place = [](const auto& one, const auto& other) {
    return one.target == other.target && one.level == other.level && one.repeat == other.repeat;
  };
  auto& runs = result_.runs;
  for (std::size_t index = earlier_runs_; index < runs.size(); ++index) {
    const auto run = runs.begin() + static_cast<std::ptrdiff_t>(index);
    const auto later =
        std::find_if(run + 1, runs.end(), [&](const ExperimentRun& other) { return same_place(*run, other); });
    if (later == runs.end()) continue;
    const auto its_span = spans_.begin() + (later - runs.begin()) - static_cast<std::ptrdiff_t>(earlier_runs_);
    spans_[index - earlier_runs_] = *its_span;
    *run = std::move(*later);
    spans_.erase(its_span);
    runs.erase(later);
    ++result_.made_again;
  }
  std::erase_if(result_.missing, [&](const MissingRun& missing) {
    return std::ranges::any_of(runs, [&](const ExperimentRun& run) { return same_place(missing, run); });
  });
}

void Runner::run_session(const PlannedSession& session, const std::string& backend) {
  std::size_t next = 0;
  while (next < session.runs.size())
    next = run_on_fresh_target(session, next, backend);
}

/// Makes runs until the session is over or the target still holds requests of the last one, which would spoil the next:
/// only a fresh one, or one that runs on and has settled, may go on.
/// Returns the run to go on with.
std::size_t Runner::run_on_fresh_target(const PlannedSession& session, std::size_t first, const std::string& backend) {
  const auto give_up = [&](std::size_t index, const Failure& failure) {
    miss(session, index, failure.message);
    return session.runs.size();
  };
  if (const auto end = end_of_all()) return give_up(first, *end);
  tell(session, session.runs[first], "starting");
  auto target =
      start_target(options_.programs, target_of(session), environment_of(session, first, backend), options_.stop);
  if (!target) return give_up(first, end_of_all().value_or(target.error()));
  note_strategy(session.target, **target);
  const Session fresh{.plan = session, .target = **target, .idle_rss_bytes = resident_bytes((*target)->watched())};
  std::size_t next = first;
  do {
    const UnixTime begin = std::chrono::system_clock::now();
    auto run = measure(fresh, session.runs[next]);
    if (!run) return give_up(next, run.error());
    run->request_log = logs_.in_results(request_log_of(session, first));
    if (experiment_.backend_mode != "timer") run->hold_log = logs_.in_results(logs_.holds());
    result_.runs.push_back(std::move(*run));
    spans_.push_back({begin, std::chrono::system_clock::now()});
    pace_.count_made();
    ++next;
  } while (next < session.runs.size() && (*target)->comes_to_rest(result_.runs.back().load, options_.stop));
  if (auto stopped = (*target)->stop(); !stopped)
    tell_trouble(session, "when told to stop, " + stopped.error().message);
  return next;
}

/// The server knows its strategy best: the one that settings leave to it, and what `auto` came to.
void Runner::note_strategy(std::size_t target, const RunningTarget& running) {
  const std::string admin_address = running.watched().admin_address;
  if (admin_address.empty()) return;
  const auto status = ask_status(admin_address);
  if (!status || !status->facts) return;
  ExperimentTarget& noted = result_.targets[target];
  noted.strategy = status->strategy;
  noted.facts = status->facts;
  if (noted.facts->holds_worker) noted.threads = noted.facts->at_once;
}

/// Why nothing that runs now counts any more, whatever becomes of its target.
std::optional<Failure> Runner::end_of_all() {
  if (options_.stop.stop_requested()) return Failure{interrupted};
  return backend_ ? backend_->ended() : std::nullopt;
}

TargetEnvironment Runner::environment_of(const PlannedSession& session, std::size_t first,
                                         const std::string& backend) const {
  const ExperimentTarget& target = target_of(session);
  TargetEnvironment environment{.path = experiment_.load.path_of(target),
                                .backend_address = backend,
                                .backend_settings = {"backend.mode=" + experiment_.backend_mode},
                                .cpus = options_.placement.server,
                                .log = logs_.target(target.name, session.repeat, first, attempt_),
                                .request_log = request_log_of(session, first),
                                .left_behind = left_in(session.target),
                                .timeout = experiment_.load.timeout};
  const std::vector<std::string> waits = backend.empty()
                                             ? delay_profile_settings(experiment_.backend, "backend.profile.")
                                             : std::vector{"backend.address=" + backend};
  std::vector<std::string>& settings = environment.backend_settings;
  settings.insert(settings.end(), waits.begin(), waits.end());
  return environment;
}

/// Requests that the last run of this target, if this part has made one, can have left in a server that runs on.
std::uint64_t Runner::left_in(std::size_t target) const {
  for (std::size_t index = result_.runs.size(); index > earlier_runs_; --index) {
    const ExperimentRun& run = result_.runs[index - 1];
    if (run.target == target) return left_behind(run.load);
  }
  return 0;
}

/// A run during which the backend or the target died is no run: its figures speak of the death, not of how the target
/// waits.
Result<ExperimentRun> Runner::measure(const Session& session, const PlannedRun& planned) {
  Sampler sampler(session.target.watched());
  LanePicture picture(planned.pictured ? session.target.watched().admin_address : "");
  LoadOptions load = load_options(session.target.url(), planned);
  const auto middle = load.warmup + experiment_.load.duration / 2;
  load.on_progress = [&](const LoadProgress& progress) {
    if (progress.elapsed >= middle) picture.take();
    if (progress.phase != LoadProgress::Phase::warmup) sampler.begin_window();
    if (progress.phase == LoadProgress::Phase::draining) sampler.end_window();
    tell(session.plan, planned, progress.phase_name());
  };
  auto found = run_load(load);
  ServerObservation seen = sampler.finish();
  if (const auto end = end_of_all()) return *end;
  if (auto end = session.target.ended()) return *end;
  if (!found) return found.error();
  found->thresholds = hold_against(experiment_.thresholds, *found);
  seen.idle_rss_bytes = session.idle_rss_bytes;
  if (seen.usage && !seen.usage->rejected) {
    const double span = std::chrono::duration<double>(seen.usage->span).count();
    seen.usage->completed = static_cast<std::uint64_t>(std::llround(found->achieved_rate() * span));
  }
  return ExperimentRun{.target = session.plan.target,
                       .level = planned.level,
                       .repeat = session.plan.repeat,
                       .seed = planned.seed,
                       .load = std::move(*found),
                       .server = std::move(seen),
                       .lanes = picture.finish()};
}

LoadOptions Runner::load_options(const std::string& url, const PlannedRun& planned) const {
  const ExperimentLoad& load = experiment_.load;
  const double level = load.levels[planned.level];
  LoadOptions options;
  options.url = url;
  options.targets = experiment_.requests;
  if (load.loop == Loop::open) {
    options.rate = level;
    options.arrivals = load.arrivals == "poisson" ? ArrivalKind::poisson : ArrivalKind::constant;
    options.max_connections = load.max_connections;
  } else {
    options.connections = static_cast<unsigned>(level);
  }
  options.duration = load.duration;
  options.warmup = load.warmup;
  options.timeout = load.timeout;
  options.seed = planned.seed;
  options.cpus = options_.placement.client_and_backend;
  options.stop = options_.stop;
  return options;
}

/// Shows what there is so far to whoever keeps it, in case this process does not live to the end.
void Runner::keep(std::size_t next_session) {
  if (!options_.on_kept) return;
  const std::size_t missing = result_.missing.size();
  for (std::size_t index = next_session; index < sessions_.size(); ++index)
    add_missing(sessions_[index], 0, not_reached);
  add_mean_holds();
  result_.interrupted = true;
  options_.on_kept(result_);
  result_.missing.resize(missing);
}

/// By this part's log, as far as it goes.
void Runner::add_mean_holds() {
  std::ifstream hold_log(logs_.holds());
  const std::vector<Hold> holds = read_holds(hold_log);
  for (std::size_t index = 0; index < spans_.size(); ++index)
    result_.runs[earlier_runs_ + index].mean_hold = mean_hold(holds, spans_[index].begin, spans_[index].end);
}

void Runner::add_missing(const PlannedSession& session, std::size_t first, const std::string& reason) {
  for (std::size_t index = first; index < session.runs.size(); ++index) {
    result_.missing.push_back(
        {.target = session.target, .level = session.runs[index].level, .repeat = session.repeat, .reason = reason});
  }
}

void Runner::miss(const PlannedSession& session, std::size_t first, const std::string& reason) {
  if (first == session.runs.size()) return;
  add_missing(session, first, reason);
  pace_.skip(session.runs.size() - first);
  if (!options_.stop.stop_requested()) tell_trouble(session, reason);
}

void Runner::tell_trouble(const PlannedSession& session, const std::string& trouble) const {
  if (!options_.on_trouble) return;
  options_.on_trouble(fmt::format("{}, repeat {}: {}", target_of(session).name, session.repeat + 1, trouble));
}

void Runner::tell(const PlannedSession& session, const PlannedRun& run, const std::string& doing) const {
  if (!options_.on_progress) return;
  options_.on_progress({.run = pace_.current(),
                        .runs = runs_,
                        .target = target_of(session).name,
                        .level = experiment_.load.level(run.level),
                        .repeat = session.repeat + 1,
                        .repeats = experiment_.repeats,
                        .doing = doing,
                        .left = pace_.left()});
}

/// Empty if none is kept.
std::string Runner::request_log_of(const PlannedSession& session, std::size_t first) const {
  const bool kept = experiment_.request_logs && target_of(session).kind == TargetKind::server;
  return kept ? logs_.requests(target_of(session).name, session.repeat, first, attempt_) : "";
}

}  // namespace

Result<ExperimentResult> run_experiment(const Experiment& experiment, const ExperimentOptions& options) {
  return Runner(experiment, options).run();
}

}  // namespace waitlab::client
