#include "client/commands/check_command.hpp"

#include "client/check/check.hpp"
#include "client/check/check_output.hpp"
#include "client/commands/check_subjects.hpp"
#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/load_flags.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/results_folder.hpp"
#include "client/commands/terminal.hpp"
#include "client/experiment/server_program.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/process/standard_streams.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <map>

namespace waitlab::client {
namespace {

constexpr const char* check_footer = R"(RESULT is a file of `run --json`, or the folder or the result.json of an
experiment. An experiment run with --request-logs names its logs itself.

Method, in this order:
  Little    requests in flight by the server's log, against the client's
            throughput times mean service time; up to 1 ms and 2 % less is
            allowed for the network
  replay    pool: the logged arrivals and ends through an ideal pool;
            actual starts may deviate by 1 % of the mean hold at p50 and 10 %
            at p99, at least 0.1 ms and 1 ms
  Erlang-C  pool: M/M/c with this run's rate and mean hold; the tolerance
            is what 95 % of 400 simulated runs of this length keep in all
            figures at once, so one correct run in twenty fails; a wait counts
            from the deviation that replay allows at p99, and 1 % more may
            count. Of n runs checked together, each may fail with 5 % / n, and
            at least 100 n runs are simulated: together they fail as rarely as
            one
  M/G/inf   other strategies: response times against the same requests' holds,
            up to 1 ms and 1 % more; requests in flight likewise, and their
            dispersion as in 95 % of 400 simulated runs
Erlang-C is judged up to a utilisation of 0.8, plus 5 % for chance. Beyond it
small overheads change its figures a lot, and at 1 it does not hold: they are
shown and not judged. Replay is judged at any utilisation.

Example:
  waitlab-server pool.jsonc --set telemetry.request_log=requests.csv \
      --set backend.profile.hold_log=holds.csv &
  waitlab-client run -R 128 --arrivals poisson -d 80s --json run.json \
      http://127.0.0.1:8080/wait
  waitlab-client check run.json --server-log requests.csv \
      --backend-log holds.csv

Exit codes: 0 everything judged agrees; 2 wrong usage or file; 3 nothing could
be judged, or a run is INVALID; 4 a figure differs from theory.)";

}  // namespace

Result<std::variant<CheckArguments, HelpText>> parse_check_arguments(int argc, const char* const* argv) {
  CheckArguments arguments;
  CLI::App app("Checks results against queueing theory.", "waitlab-client check");
  app.footer(check_footer);
  app.add_option("result", arguments.results, "Results to check")->required()->type_name("RESULT");
  app.add_option("--server-log", arguments.server_log, "The server's telemetry.request_log")->type_name("FILE");
  app.add_option("--backend-log", arguments.backend_log, "The backend's profile.hold_log")->type_name("FILE");
  app.add_option("--strategy", arguments.strategy, "The server's strategy, if no log names it")->type_name("NAME");
  app.add_option("--threads", arguments.threads, "Threads of the pool, if no log says")
      ->check(check_whole_number)
      ->check(CLI::Range(1U, 10'000U).description(""))
      ->type_name("N");
  app.add_option("--json", arguments.json_file, "Write the findings as JSON; - for stdout")->type_name("FILE");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  return arguments;
}

namespace {

using Clock = std::chrono::steady_clock;

/// Shows how far simulating is, once it takes long enough to wonder. On a terminal only.
class SimulationLine {
 public:
  ~SimulationLine() {
    if (shown_) say(erase_line);
  }

  void show(std::size_t done, std::size_t of) {
    const auto now = Clock::now();
    if (!terminal_ || now - began_ < patience || now - shown_at_ < interval) return;
    shown_ = true;
    shown_at_ = now;
    say(fmt::format("\rsimulating honest runs: {} of {}", done, of));
  }

 private:
  static constexpr std::chrono::seconds patience{2};
  static constexpr std::chrono::milliseconds interval{200};

  const bool terminal_ = stderr_can_redraw();
  const Clock::time_point began_ = Clock::now();
  Clock::time_point shown_at_;
  bool shown_ = false;
};

/// Asks the server program beside this one, once for each name.
class KnownStrategies {
 public:
  Result<StrategyFacts> facts_of(const std::string& strategy) {
    const auto known = known_.find(strategy);
    if (known != known_.end()) return known->second;
    return known_.emplace(strategy, ask_facts(program_folder() / "waitlab-server", {"strategy=" + strategy}))
        .first->second;
  }

 private:
  std::map<std::string, Result<StrategyFacts>> known_;
};

std::vector<CheckReport> check_runs(const std::vector<CheckSubject>& subjects, KnownStrategies& strategies) {
  SimulationLine line;
  SimulationPlan plan = plan_simulation(subjects.size());
  plan.progress = [&line](std::size_t done, std::size_t of) { line.show(done, of); };
  std::vector<CheckReport> reports;
  for (const CheckSubject& subject : subjects)
    reports.push_back(check_run(subject, plan, [&](const std::string& name) { return strategies.facts_of(name); }));
  return reports;
}

std::string text_of(const std::vector<CheckReport>& reports) {
  if (reports.empty()) return "The results have no runs: there is nothing to check.\n";
  std::vector<std::string> texts;
  std::transform(reports.begin(), reports.end(), std::back_inserter(texts), check_text);
  return fmt::format("{}", fmt::join(texts, "\n"));
}

ExitCode exit_code_of(const std::vector<CheckReport>& reports, const std::vector<CheckSubject>& subjects) {
  const auto any = [&](FindingVerdict verdict) {
    return std::any_of(reports.begin(), reports.end(), [&](const auto& report) { return report.verdict() == verdict; });
  };
  const bool valid = std::all_of(subjects.begin(), subjects.end(), [](const auto& one) { return one.load.valid(); });
  if (!valid) return exit_invalid_run;
  if (any(FindingVerdict::differs)) return exit_theory_differs;
  return any(FindingVerdict::agrees) ? exit_good : exit_invalid_run;
}

/// The server knows the names: what it says of a wrong one names what is near. Empty is not given.
Result<void> expect_strategy(const std::string& name, KnownStrategies& strategies) {
  if (name.empty()) return {};
  const auto facts = strategies.facts_of(name);
  if (!facts) return Failure{"--strategy: " + facts.error().message};
  return {};
}

Result<void> expect_inputs_unwritten(const CheckArguments& arguments, const CommandFiles& files) {
  std::vector<std::string> read = arguments.results;
  read.insert(read.end(), {arguments.server_log, arguments.backend_log});
  for (const std::string& path : read) {
    if (auto kept = files.expect_unwritten(result_of_word(path)); !kept) return kept;
  }
  return {};
}

int run(const CheckArguments& arguments) {
  CommandFiles files;
  auto output = JsonOutput::open(arguments.json_file, files);
  if (!output) return fail(exit_usage, output.error());
  if (auto free = files.use(output->text_stream(), "the text"); !free) return fail(exit_usage, free.error());
  KnownStrategies strategies;
  if (auto known = expect_strategy(arguments.strategy, strategies); !known) return fail(exit_usage, known.error());
  if (auto kept = expect_inputs_unwritten(arguments, files); !kept) return fail(exit_usage, kept.error());
  const auto subjects = read_check_subjects(arguments);
  if (!subjects) return fail(exit_usage, subjects.error());
  const std::vector<CheckReport> reports = check_runs(*subjects, strategies);
  const auto written = output->write(check_json(reports));
  const auto printed = print_text(output->text_stream(), text_of(reports));
  for (const auto& told : {written, printed}) {
    if (!told) return fail(exit_could_not_run, told.error());
  }
  return exit_code_of(reports, *subjects);
}

}  // namespace

int check_command(int argc, char** argv) {
  return run_command_line<CheckArguments>(parse_check_arguments(argc, argv), run);
}

}  // namespace waitlab::client
