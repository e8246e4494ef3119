#include "client/commands/run_arguments.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/load_flags.hpp"
#include "client/commands/threshold_watch.hpp"
#include "client/engine/load_run.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace waitlab::client {
namespace {

constexpr unsigned ramp_parts = 10;
constexpr unsigned most_repeats = 100;

constexpr const char* examples = R"(Examples:
  waitlab-client run http://127.0.0.1:8080/plain
      closed loop: 10 connections, as fast as the server responds, for 10 s
  waitlab-client run -R 400 --arrivals poisson http://127.0.0.1:8080/wait
      open loop: 400 requests/s for 10 s, however late the responses are
  waitlab-client run --steps 100,200,400 --step-duration 10s \
      --threshold 'p99<200ms' http://127.0.0.1:8080/wait
      open loop at three rates; exit code 4 if p99 is not below 200 ms
  waitlab-client run -R 400 --repeat 5 --json a.json http://127.0.0.1:8080/wait
      five runs with seeds of their own, for compare and report
  waitlab-client run -n 1 -c 1 -m POST --body hello http://127.0.0.1:8080/echo
      one request

Thresholds: rate, errors (a count or a share in %), mean, min, max, p50 to
p99.99 of the response time, or of the service time as in service_p99; then
< <= > >= and a limit: 'p99<200ms', 'errors<1%', 'rate>380'.

Exit codes: 0 good; 1 could not run; 2 wrong usage; 3 the run is INVALID; 4 a
threshold failed.)";

/// The flags of `run` alone, those that need more than CLI11 to become values as text.
struct RunFlags {
  std::optional<double> rate;
  std::optional<std::uint64_t> requests;
  unsigned connections = LoadOptions().connections;
  unsigned repeats = 1;
  std::string duration, ramp, steps, step_duration;
  std::vector<std::string> thresholds;
};

void add_loop_flags(CLI::App& app, RunFlags& flags) {
  app.add_option("-c,--connections", flags.connections, "Connections of a closed loop; with -R: the cap")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  app.add_option("-d,--duration", flags.duration, "Time during which requests start (10s, or -n)")
      ->type_name("DURATION");
  app.add_option("-n,--requests", flags.requests, "Number of requests; ends the run if before -d")
      ->check(check_whole_number)
      ->type_name("N");
  auto* rate = app.add_option("-R,--rate", flags.rate, "Open loop with this rate, requests per second");
  rate->type_name("RATE");
  auto* steps = app.add_option("--steps", flags.steps, "Open loop, one rate after another: 100,200,400");
  steps->excludes(rate)->type_name("RATES");
  app.add_option("--step-duration", flags.step_duration, "Duration of each step (10s)")
      ->needs(steps)
      ->type_name("DURATION");
  app.add_option("--repeat", flags.repeats, "Runs, one after another, each with the next seed")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--ramp", flags.ramp, "Open loop with a linear ramp: 100:1000:30s")
      ->excludes(rate)
      ->excludes(steps)
      ->type_name("FROM:TO:DURATION");
}

void add_judging_flags(CLI::App& app, RunFlags& flags, RunArguments& arguments) {
  auto* threshold = app.add_option("--threshold", flags.thresholds, "Required, such as 'p99<200ms'; repeatable");
  threshold->allow_extra_args(false)->type_name("CONDITION");
  app.add_flag("--abort-on-fail", arguments.abort_on_fail, "Stop when a threshold fails for 2 s (not rate)")
      ->needs(threshold);
}

void add_output_flags(CLI::App& app, RunArguments& arguments) {
  OutputFiles& files = arguments.files;
  app.add_option("--json", files.json, "Write the result as JSON; - for stdout")->type_name("FILE");
  app.add_option("--csv", files.csv, "Write a row for each request")->type_name("FILE");
  app.add_option("--hdr-log", files.hdr_log, "Write an HdrHistogram log, a line per second")->type_name("FILE");
  app.add_option("--hgrm", files.hgrm, "Write the percentiles of the response time")->type_name("FILE");
  app.add_option("--prometheus", files.prometheus, "Write the result as Prometheus text")->type_name("FILE");
  app.add_flag("-q,--quiet", arguments.quiet, "No live view and no summary");
  app.add_flag_callback(
      "--no-tui", [&arguments] { arguments.tui = false; }, "One line per second instead of the live view");
}

Result<double> read_rate(const char* flag, std::string_view text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error == std::errc() && end == text.data() + text.size()) return rate;
  return Failure{fmt::format("{}: '{}' is no rate; give requests per second, such as 100", flag, text)};
}

Result<std::vector<RateSegment>> read_steps(const RunFlags& flags) {
  const auto duration =
      read_duration_flag("--step-duration", flags.step_duration.empty() ? "10s" : flags.step_duration);
  if (!duration) return duration.error();
  std::vector<RateSegment> steps;
  for (std::string_view rest = flags.steps;;) {
    const auto comma = rest.find(',');
    const auto rate = read_rate("--steps", rest.substr(0, comma));
    if (!rate) return rate.error();
    steps.push_back({*rate, *rate, *duration});
    if (comma == std::string_view::npos) return steps;
    rest.remove_prefix(comma + 1);
  }
}

Result<std::vector<RateSegment>> read_ramp(std::string_view text) {
  const auto first = text.find(':');
  const auto second = text.find(':', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) {
    return Failure{fmt::format("--ramp: '{}' is no ramp; write FROM:TO:DURATION, such as 100:1000:30s", text)};
  }
  const auto from = read_rate("--ramp", text.substr(0, first));
  if (!from) return from.error();
  const auto to = read_rate("--ramp", text.substr(first + 1, second - first - 1));
  if (!to) return to.error();
  const auto duration = read_duration_flag("--ramp", std::string(text.substr(second + 1)));
  if (!duration) return duration.error();
  return ramp(*from, *to, *duration, ramp_parts);
}

/// Refuses flags that would do nothing. In an open loop, `-c` is another name for --max-connections.
Result<void> settle_connections(const CLI::App& app, const RunFlags& flags, LoadOptions& load) {
  load.connections = flags.connections;
  if (!load.open_loop()) {
    for (const char* name : {"--arrivals", "--max-connections"}) {
      if (app.count(name) > 0)
        return Failure{fmt::format("{} has no effect without --rate, --steps or --ramp; drop it", name)};
    }
    return {};
  }
  if (app.count("--connections") == 0) return {};
  if (app.count("--max-connections") > 0 && load.connections != load.max_connections) {
    return Failure{"--connections and --max-connections are both the cap of an open loop; give one of them"};
  }
  load.max_connections = load.connections;
  return {};
}

Result<void> settle_schedule(const RunFlags& flags, LoadOptions& load) {
  load.rate = flags.rate;
  load.requests = flags.requests;
  if (!flags.duration.empty()) {
    const auto duration = read_duration_flag("--duration", flags.duration);
    if (!duration) return duration.error();
    load.duration = *duration;
  }
  if (flags.steps.empty() && flags.ramp.empty()) return {};
  if (load.duration || load.requests) {
    return Failure{"--duration and --requests have no effect with --steps or --ramp, which say how long; drop them"};
  }
  auto steps = flags.ramp.empty() ? read_steps(flags) : read_ramp(flags.ramp);
  if (!steps) return steps.error();
  load.steps = std::move(*steps);
  return {};
}

/// Rows and intervals of time are of one run.
Result<void> settle_repeats(const RunFlags& flags, RunArguments& arguments) {
  if (flags.repeats == 0 || flags.repeats > most_repeats)
    return Failure{fmt::format("--repeat: give at least 1 and at most {}, not {}", most_repeats, flags.repeats)};
  arguments.repeats = flags.repeats;
  if (flags.repeats == 1) return {};
  for (const auto& [flag, file] : {std::pair("--csv", arguments.files.csv), {"--hdr-log", arguments.files.hdr_log}}) {
    if (file) return Failure{fmt::format("{} is of a single run; drop it or --repeat", flag)};
  }
  return {};
}

Result<void> complete(const CLI::App& app, const LoadFlags& load_flags, const RunFlags& flags,
                      RunArguments& arguments) {
  auto load = load_flags.options();
  if (!load) return load.error();
  arguments.load = std::move(*load);
  arguments.read_files = load_flags.files();
  if (auto settled = settle_schedule(flags, arguments.load); !settled) return settled;
  if (auto settled = settle_connections(app, flags, arguments.load); !settled) return settled;
  if (auto settled = settle_repeats(flags, arguments); !settled) return settled;
  for (const std::string& text : flags.thresholds) {
    const auto threshold = parse_threshold(text);
    if (!threshold) return Failure{"--threshold: " + threshold.error().message};
    arguments.thresholds.push_back(*threshold);
  }
  if (arguments.abort_on_fail &&
      std::none_of(arguments.thresholds.begin(), arguments.thresholds.end(), &ThresholdWatch::can_judge)) {
    return Failure{
        "--abort-on-fail has no effect on rate and service times, which are judged at the end; add another threshold "
        "or drop it"};
  }
  return check_options(arguments.load);
}

}  // namespace

Result<std::variant<RunArguments, HelpText>> parse_run_arguments(int argc, const char* const* argv) {
  RunArguments arguments;
  RunFlags flags;
  CLI::App app("Loads an HTTP server and reports response times that can be trusted.", "waitlab-client run");
  app.footer(examples);
  app.option_defaults()->group("Load");
  add_loop_flags(app, flags);
  const LoadFlags load_flags(app);
  app.option_defaults()->group("Thresholds");
  add_judging_flags(app, flags, arguments);
  app.option_defaults()->group("Output");
  add_output_flags(app, arguments);
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  if (auto completed = complete(app, load_flags, flags, arguments); !completed) return completed.error();
  arguments.load.command = command_text("waitlab-client run", argc, argv);
  return arguments;
}

}  // namespace waitlab::client
