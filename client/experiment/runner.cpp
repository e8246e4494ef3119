#include "client/experiment/runner.hpp"

#include "client/engine/load_run.hpp"
#include "client/experiment/idle_wait.hpp"
#include "client/experiment/plan.hpp"
#include "client/experiment/sampler.hpp"
#include "client/record/hold_log.hpp"
#include "common/delay/delay_profile.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <fstream>
#include <optional>

namespace waitlab::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto idle_patience = std::chrono::seconds(10);
constexpr const char* interrupted = "the experiment was interrupted";

std::string phase_name(LoadProgress::Phase phase) {
  switch (phase) {
    case LoadProgress::Phase::warmup:
      return "warm-up";
    case LoadProgress::Phase::measuring:
      return "measuring";
    case LoadProgress::Phase::draining:
      break;
  }
  return "draining";
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now()));
}

/// The result before any run: what the experiment is, and where it is made.
ExperimentResult describe(const Experiment& experiment, const ExperimentOptions& options) {
  ExperimentResult result;
  result.name = experiment.name;
  result.title = experiment.title;
  result.question = experiment.question;
  result.file = experiment.file;
  result.content = experiment.content;
  result.version = WAITLAB_VERSION;
  result.started_at = utc_now();
  result.targets = experiment.targets;
  result.load = experiment.load;
  result.repeats = experiment.repeats;
  result.order = experiment.order;
  result.backend = experiment.backend_settings;
  result.machine = options.machine;
  result.placement = options.placement;
  return result;
}

struct RunTime {
  UnixTime begin;
  UnixTime end;
};

/// Goes through the plan and collects the result.
class Runner {
 public:
  Runner(const Experiment& experiment, const ExperimentOptions& options)
      : experiment_(experiment),
        options_(options),
        sessions_(plan_sessions(experiment)),
        runs_(count_runs(sessions_)),
        hold_log_(experiment.backend.hold_log.empty() ? (options.logs / "holds.csv").string()
                                                      : experiment.backend.hold_log),
        result_(describe(experiment, options)) {
    result_.hold_log = name_in_results(hold_log_);
  }

  Result<ExperimentResult> run();

 private:
  Result<Program> start_backend() const;
  void run_session(const PlannedSession& session, const std::string& backend);
  std::size_t run_on_fresh_server(const PlannedSession& session, std::size_t first, const std::string& backend);
  Result<ExperimentRun> measure(ServerTarget& server, const PlannedSession& session, const PlannedRun& planned);
  LoadOptions load_options(const ServerTarget& server, const PlannedRun& planned) const;
  void add_mean_holds();
  void miss(const PlannedSession& session, std::size_t first, const std::string& reason);
  void tell_trouble(const PlannedSession& session, const std::string& trouble);
  void tell(const PlannedSession& session, const PlannedRun& run, const std::string& doing);
  void count_done();
  std::chrono::nanoseconds time_left() const;
  std::string log_of(const PlannedSession& session, std::size_t first, const std::string& ending) const;
  std::string request_log_of(const PlannedSession& session, std::size_t first) const;
  std::string name_in_results(const std::string& path) const;

  const Experiment& experiment_;
  const ExperimentOptions& options_;
  const std::vector<PlannedSession> sessions_;
  const std::size_t runs_;
  const std::string hold_log_;
  const Clock::time_point began_ = Clock::now();
  std::size_t done_ = 0;
  Clock::time_point done_at_ = began_;  ///< when the last of them was done
  ExperimentResult result_;
  std::vector<RunTime> run_times_;  ///< of the result's runs
};

Result<ExperimentResult> Runner::run() {
  auto backend = start_backend();
  if (!backend) return backend.error();
  for (const PlannedSession& session : sessions_) {
    if (options_.stop.stop_requested()) {
      miss(session, 0, interrupted);
    } else if (auto end = backend->ended()) {
      miss(session, 0, end->message);
    } else {
      run_session(session, backend->address(0));
    }
  }
  backend->stop();
  result_.interrupted = options_.stop.stop_requested();
  add_mean_holds();
  return std::move(result_);
}

Result<Program> Runner::start_backend() const {
  std::vector<std::string> command{options_.programs.backend.string(), "--set", "listen.port=0"};
  DelayProfile profile = experiment_.backend;
  profile.hold_log = hold_log_;
  for (const std::string& setting : delay_profile_settings(profile, "profile.")) {
    command.insert(command.end(), {"--set", setting});
  }
  return Program::start({.name = "the backend",
                         .command = command,
                         .cpus = options_.placement.client_and_backend,
                         .log = (options_.logs / "backend.log").string(),
                         .prefixes = {"listening on"}},
                        options_.stop);
}

void Runner::run_session(const PlannedSession& session, const std::string& backend) {
  std::size_t next = 0;
  while (next < session.runs.size())
    next = run_on_fresh_server(session, next, backend);
}

/// Makes runs until the session is over or the server still holds requests of the last one, which would spoil the next.
/// Returns the run to go on with.
std::size_t Runner::run_on_fresh_server(const PlannedSession& session, std::size_t first, const std::string& backend) {
  const auto give_up = [&](std::size_t index, const Failure& failure) {
    miss(session, index, failure.message);
    return session.runs.size();
  };
  if (options_.stop.stop_requested()) return give_up(first, {interrupted});
  tell(session, session.runs[first], "starting");
  auto server = ServerTarget::start(options_.programs, experiment_.targets[session.target],
                                    {.backend_address = backend,
                                     .cpus = options_.placement.server,
                                     .log = log_of(session, first, ".log"),
                                     .request_log = request_log_of(session, first)},
                                    options_.stop);
  if (!server) return give_up(first, server.error());
  std::size_t next = first;
  do {
    const UnixTime begin = std::chrono::system_clock::now();
    auto run = measure(*server, session, session.runs[next]);
    if (!run) return give_up(next, run.error());
    run->request_log = name_in_results(request_log_of(session, first));
    result_.runs.push_back(std::move(*run));
    run_times_.push_back({begin, std::chrono::system_clock::now()});
    count_done();
    ++next;
  } while (next < session.runs.size() && is_idle_within(server->admin_address(), idle_patience, options_.stop));
  if (auto stopped = server->stop(); !stopped) tell_trouble(session, "when told to stop, " + stopped.error().message);
  return next;
}

/// A run during which the server died is no run: its figures speak of the death, not of the strategy.
Result<ExperimentRun> Runner::measure(ServerTarget& server, const PlannedSession& session, const PlannedRun& planned) {
  Sampler sampler(server.pid(), server.admin_address());
  LoadOptions load = load_options(server, planned);
  load.on_progress = [&](const LoadProgress& progress) {
    if (progress.phase != LoadProgress::Phase::warmup) sampler.begin_window();
    if (progress.phase == LoadProgress::Phase::draining) sampler.end_window();
    tell(session, planned, phase_name(progress.phase));
  };
  auto found = run_load(load);
  ServerObservation seen = sampler.finish();
  if (options_.stop.stop_requested()) return Failure{interrupted};
  if (auto end = server.ended()) return *end;
  if (!found) return found.error();
  return ExperimentRun{.target = session.target,
                       .level = planned.level,
                       .repeat = session.repeat,
                       .seed = planned.seed,
                       .load = std::move(*found),
                       .server = std::move(seen),
                       .mean_hold = {},
                       .request_log = {}};
}

LoadOptions Runner::load_options(const ServerTarget& server, const PlannedRun& planned) const {
  const ExperimentLoad& load = experiment_.load;
  LoadOptions options;
  options.url = server.url(load.path);
  options.rate = load.levels[planned.level];
  options.arrivals = load.arrivals == "poisson" ? ArrivalKind::poisson : ArrivalKind::constant;
  options.max_connections = load.max_connections;
  options.duration = load.duration;
  options.warmup = load.warmup;
  options.timeout = load.timeout;
  options.seed = planned.seed;
  options.cpus = options_.placement.client_and_backend;
  options.stop = options_.stop;
  return options;
}

/// The backend has ended by now, and its log is whole.
void Runner::add_mean_holds() {
  std::ifstream hold_log(hold_log_);
  const std::vector<Hold> holds = read_holds(hold_log);
  for (std::size_t index = 0; index < result_.runs.size(); ++index) {
    result_.runs[index].mean_hold = mean_hold(holds, run_times_[index].begin, run_times_[index].end);
  }
}

void Runner::miss(const PlannedSession& session, std::size_t first, const std::string& reason) {
  if (first == session.runs.size()) return;
  for (std::size_t index = first; index < session.runs.size(); ++index) {
    result_.missing.push_back(
        {.target = session.target, .level = session.runs[index].level, .repeat = session.repeat, .reason = reason});
    count_done();
  }
  if (!options_.stop.stop_requested()) tell_trouble(session, reason);
}

void Runner::tell_trouble(const PlannedSession& session, const std::string& trouble) {
  if (!options_.on_trouble) return;
  options_.on_trouble(
      fmt::format("{}, repeat {}: {}", experiment_.targets[session.target].name, session.repeat + 1, trouble));
}

void Runner::tell(const PlannedSession& session, const PlannedRun& run, const std::string& doing) {
  if (!options_.on_progress) return;
  options_.on_progress({.run = std::min(done_ + 1, runs_),
                        .runs = runs_,
                        .target = experiment_.targets[session.target].name,
                        .level = experiment_.load.level(run.level),
                        .repeat = session.repeat + 1,
                        .repeats = experiment_.repeats,
                        .doing = doing,
                        .left = time_left()});
}

void Runner::count_done() {
  ++done_;
  done_at_ = Clock::now();
}

/// By the pace so far, once there is one: it knows what starting and draining cost.
std::chrono::nanoseconds Runner::time_left() const {
  const double pace =
      done_ == 0 ? 1 : std::chrono::duration<double>(done_at_ - began_) / planned_time(experiment_, done_);
  const auto expected = std::chrono::duration_cast<Clock::duration>(planned_time(experiment_, runs_ - done_) * pace);
  return std::max(expected - (Clock::now() - done_at_), Clock::duration::zero());
}

/// A server that is not the session's first has logs of its own.
std::string Runner::log_of(const PlannedSession& session, std::size_t first, const std::string& ending) const {
  const std::string later = first > 0 ? fmt::format("-run-{}", first + 1) : "";
  return (options_.logs /
          fmt::format("{}-{}{}{}", experiment_.targets[session.target].name, session.repeat + 1, later, ending))
      .string();
}

/// Empty if none is kept.
std::string Runner::request_log_of(const PlannedSession& session, std::size_t first) const {
  return experiment_.request_logs ? log_of(session, first, "-requests.csv") : "";
}

/// A log's path as the result tells it, so that a folder of results can be moved.
std::string Runner::name_in_results(const std::string& path) const {
  if (path.empty()) return {};
  const auto file = std::filesystem::absolute(path);
  const auto folder = std::filesystem::absolute(options_.logs).parent_path();
  const auto inside = file.lexically_relative(folder);
  return inside.empty() || *inside.begin() == ".." ? file.string() : inside.string();
}

}  // namespace

Result<ExperimentResult> run_experiment(const Experiment& experiment, const ExperimentOptions& options) {
  return Runner(experiment, options).run();
}

}  // namespace waitlab::client
