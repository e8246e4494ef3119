#include "client/commands/check_arguments.hpp"

#include "common/config/config_failure.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr const char* check_footer = R"(RESULT is a file of `run --json`, or the folder or the result.json of an
experiment. An experiment run with --request-logs names its logs itself.

Method, in this order:
  Little    requests in flight by the server's log, against the client's
            throughput times mean service time; up to 1 ms and 2 % less is
            allowed for the network
  replay    fixed pool: the logged arrivals and ends through an ideal pool;
            actual starts may deviate by 1 % of the mean hold at p50 and 10 %
            at p99, at least 0.1 ms and 1 ms
  Erlang-C  fixed pool: M/M/c with this run's rate and mean hold; the tolerance
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
  waitlab-server --set strategy=fixed-pool \
      --set strategies.fixed-pool.threads=8 \
      --set telemetry.request_log=requests.csv \
      --set backend.profile.hold_log=holds.csv &
  waitlab-client run -R 128 --arrivals poisson -d 80s --json run.json \
      http://127.0.0.1:8080/wait
  waitlab-client check run.json --threads 8 --server-log requests.csv \
      --backend-log holds.csv

Exit codes: 0 everything judged agrees; 2 wrong usage or file; 3 nothing could
be judged, or a run is INVALID; 4 a figure differs from theory.)";

/// As the server calls them. Empty is not given.
Result<void> expect_strategy(const std::string& name) {
  const std::vector<std::string> strategies{"event-loop", "fixed-pool", "thread-per-request"};
  if (name.empty() || std::find(strategies.begin(), strategies.end(), name) != strategies.end()) return {};
  return config_failure("--strategy",
                        fmt::format("no strategy is called \"{}\"{}", name, suggest(name, strategies, strategies)));
}

}  // namespace

Result<std::variant<CheckArguments, HelpText>> parse_check_arguments(int argc, const char* const* argv) {
  CheckArguments arguments;
  CLI::App app("Checks results against queueing theory.", "waitlab-client check");
  app.footer(check_footer);
  app.add_option("result", arguments.results, "Results to check")->required()->type_name("RESULT");
  app.add_option("--server-log", arguments.server_log, "The server's telemetry.request_log")->type_name("FILE");
  app.add_option("--backend-log", arguments.backend_log, "The backend's profile.hold_log")->type_name("FILE");
  app.add_option("--strategy", arguments.strategy, "The server's strategy, if no log names it")->type_name("NAME");
  app.add_option("--threads", arguments.threads, "Threads of the fixed pool")
      ->check(CLI::Range(1U, 10'000U).description(""))
      ->type_name("N");
  app.add_option("--json", arguments.json_file, "Write the findings as JSON; - for stdout")->type_name("FILE");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  if (auto known = expect_strategy(arguments.strategy); !known) return known.error();
  return arguments;
}

}  // namespace waitlab::client
