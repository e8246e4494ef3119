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

)";

Result<double> read_rate(const char* flag, std::string_view text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error == std::errc() && end == text.data() + text.size()) return rate;
  return Failure{fmt::format("{}: '{}' is no rate; give requests per second, such as 100", flag, text)};
}

Result<std::vector<RateSegment>> read_steps(std::string_view rates, const std::string& step_duration) {
  const auto duration = read_duration_flag("--step-duration", step_duration.empty() ? "10s" : step_duration);
  if (!duration) return duration.error();
  std::vector<RateSegment> steps;
  for (std::string_view rest = rates;;) {
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

}  // namespace

const char* const run_footer = R"(Thresholds: rate, errors (a count or a share in %), mean, min, max, p50 to
p99.99 of the response time, or of the service time as in service_p99; then
< <= > >= and a limit: 'p99<200ms', 'errors<1%', 'rate>380'.

Exit codes: 0 good; 1 could not run; 2 wrong usage; 3 the run is INVALID; 4 a
threshold failed.)";

RunFlags::RunFlags(CLI::App& app) : app_(app) {
  app.option_defaults()->group("Load");
  add_loop_flags();
  load_.emplace(app);
  app.option_defaults()->group("Thresholds");
  add_judging_flags();
  app.option_defaults()->group("Output");
  add_output_flags();
}

void RunFlags::add_loop_flags() {
  app_.add_option("-c,--connections", connections_, "Connections of a closed loop; with -R: the cap")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  app_.add_option("-d,--duration", duration_, "Time during which requests start (10s, or -n)")->type_name("DURATION");
  app_.add_option("-n,--requests", requests_, "Number of requests; ends the run if before -d")
      ->check(check_whole_number)
      ->type_name("N");
  auto* rate = app_.add_option("-R,--rate", rate_, "Open loop with this rate, requests per second");
  rate->type_name("RATE");
  auto* steps = app_.add_option("--steps", steps_, "Open loop, one rate after another: 100,200,400");
  steps->excludes(rate)->type_name("RATES");
  app_.add_option("--step-duration", step_duration_, "Duration of each step (10s)")
      ->needs(steps)
      ->type_name("DURATION");
  app_.add_option("--repeat", repeats_, "Runs, one after another, each with the next seed")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  app_.add_option("--ramp", ramp_, "Open loop with a linear ramp: 100:1000:30s")
      ->excludes(rate)
      ->excludes(steps)
      ->type_name("FROM:TO:DURATION");
}

void RunFlags::add_judging_flags() {
  auto* threshold = app_.add_option("--threshold", thresholds_, "Required, such as 'p99<200ms'; repeatable");
  threshold->allow_extra_args(false)->type_name("CONDITION");
  app_.add_flag("--abort-on-fail", arguments_.abort_on_fail, "Stop when a threshold fails for 2 s (not rate)")
      ->needs(threshold);
}

void RunFlags::add_output_flags() {
  OutputFiles& files = arguments_.files;
  app_.add_option("--json", files.json, "Write the result as JSON; - for stdout")->type_name("FILE");
  app_.add_option("--csv", files.csv, "Write a row for each request")->type_name("FILE");
  app_.add_option("--hdr-log", files.hdr_log, "Write an HdrHistogram log, a line per second")->type_name("FILE");
  app_.add_option("--hgrm", files.hgrm, "Write the percentiles of the response time")->type_name("FILE");
  app_.add_option("--prometheus", files.prometheus, "Write the result as Prometheus text")->type_name("FILE");
  app_.add_flag("-q,--quiet", arguments_.quiet, "No live view and no summary");
  app_.add_flag_callback(
      "--no-tui", [this] { arguments_.tui = false; }, "One line per second instead of the live view");
}

/// Refuses flags that would do nothing. In an open loop, `-c` is another name for --max-connections.
Result<void> RunFlags::settle_connections(LoadOptions& load) const {
  load.connections = connections_;
  if (!load.open_loop()) {
    for (const char* name : {"--arrivals", "--max-connections"}) {
      if (app_.count(name) > 0)
        return Failure{fmt::format("{} has no effect without --rate, --steps or --ramp; drop it", name)};
    }
    return {};
  }
  if (app_.count("--connections") == 0) return {};
  if (app_.count("--max-connections") > 0 && load.connections != load.max_connections) {
    return Failure{"--connections and --max-connections are both the cap of an open loop; give one of them"};
  }
  load.max_connections = load.connections;
  return {};
}

Result<void> RunFlags::settle_schedule(LoadOptions& load) const {
  load.rate = rate_;
  load.requests = requests_;
  if (!duration_.empty()) {
    const auto duration = read_duration_flag("--duration", duration_);
    if (!duration) return duration.error();
    load.duration = *duration;
  }
  if (steps_.empty() && ramp_.empty()) return {};
  if (load.duration || load.requests) {
    return Failure{"--duration and --requests have no effect with --steps or --ramp, which say how long; drop them"};
  }
  auto steps = ramp_.empty() ? read_steps(steps_, step_duration_) : read_ramp(ramp_);
  if (!steps) return steps.error();
  load.steps = std::move(*steps);
  return {};
}

/// Rows and intervals of time are of one run.
Result<void> RunFlags::settle_repeats(RunArguments& arguments) const {
  if (repeats_ == 0 || repeats_ > most_repeats)
    return Failure{fmt::format("--repeat: give at least 1 and at most {}, not {}", most_repeats, repeats_)};
  arguments.repeats = repeats_;
  if (repeats_ == 1) return {};
  for (const auto& [flag, file] : {std::pair("--csv", arguments.files.csv), {"--hdr-log", arguments.files.hdr_log}}) {
    if (file) return Failure{fmt::format("{} is of a single run; drop it or --repeat", flag)};
  }
  return {};
}

Result<void> RunFlags::settle_thresholds(RunArguments& arguments) const {
  for (const std::string& text : thresholds_) {
    const auto threshold = parse_threshold(text);
    if (!threshold) return Failure{"--threshold: " + threshold.error().message};
    arguments.thresholds.push_back(*threshold);
  }
  if (arguments.abort_on_fail && std::ranges::none_of(arguments.thresholds, &ThresholdWatch::can_judge)) {
    return Failure{
        "--abort-on-fail has no effect on rate and service times, which are judged at the end; add another threshold "
        "or drop it"};
  }
  return {};
}

Result<RunArguments> RunFlags::arguments() const {
  RunArguments arguments = arguments_;
  auto load = load_->options();
  if (!load) return load.error();
  arguments.load = std::move(*load);
  arguments.read_files = load_->files();
  if (auto settled = settle_schedule(arguments.load); !settled) return settled.error();
  if (auto settled = settle_connections(arguments.load); !settled) return settled.error();
  if (auto settled = settle_repeats(arguments); !settled) return settled.error();
  if (auto settled = settle_thresholds(arguments); !settled) return settled.error();
  if (auto checked = check_options(arguments.load); !checked) return checked.error();
  return arguments;
}

Result<std::variant<RunArguments, HelpText>> parse_run_arguments(int argc, const char* const* argv) {
  CLI::App app("Loads an HTTP server and reports response times that can be trusted.", "waitlab-client run");
  app.footer(std::string(examples) + run_footer);
  const RunFlags flags(app);
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  auto arguments = flags.arguments();
  if (!arguments) return arguments.error();
  arguments->load.command = command_text("waitlab-client run", argc, argv);
  return std::move(*arguments);
}

}  // namespace waitlab::client
