#include "client/commands/capacity_command.hpp"

#include "client/commands/capacity_report.hpp"
#include "client/commands/capacity_run.hpp"
#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/load_flags.hpp"
#include "client/commands/output_file.hpp"
#include "client/engine/load_run.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr double finest_precision = 0.005;
constexpr double coarsest_precision = 1;

constexpr const char* purpose = R"(Finds the highest rate at which an HTTP server meets the thresholds: doubles the
rate until a probe fails, then bisects. A probe passes if its run is valid, all
thresholds hold, and at least 97 % of the responses due in its second half
arrived, within chance. One clear pass is enough; otherwise a rate needs two
passes or two failures, in longer probes where chance may have decided. The
highest rate is then probed three times more, for longer. Probes that other
programs spoilt are made again. Unless a threshold is about errors, errors<1% is
implied, as error responses are fast.)";

constexpr const char* capacity_footer = R"(Example:
  waitlab-client capacity --threshold 'p99<200ms' http://127.0.0.1:8080/wait

A threshold on a high percentile needs many requests: at low rates probes take
longer.

Exit codes: 0 found; 1 could not run; 2 wrong usage; 3 the client was the
bottleneck, or the search ended early: interrupted, spoilt by other programs, or
as the server did not recover; 4 even --from fails.)";

/// The words of the command line that need more than CLI11 to become values.
struct RawArguments {
  std::string probe;
  std::vector<std::string> thresholds;
};

void add_search_options(CLI::App& app, CapacityArguments& arguments, RawArguments& raw) {
  app.add_option("--threshold", raw.thresholds, "Required, such as 'p99<200ms'; repeatable")
      ->allow_extra_args(false)
      ->required()
      ->type_name("LIMIT");
  app.add_option("--from", arguments.range.from, "Lowest rate, probed first")->capture_default_str()->type_name("RATE");
  app.add_option("--max-rate", arguments.range.most, "Highest rate to probe")->capture_default_str()->type_name("RATE");
  app.add_option("--precision", arguments.range.precision, "How far above the result a failing rate may be")
      ->capture_default_str()
      ->type_name("SHARE");
  app.add_option("--probe", raw.probe, "Measured duration of a probe (5s)")->type_name("DURATION");
  app.add_option("--json", arguments.json_file, "Write the search as JSON; - for stdout")->type_name("FILE");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress and no summary");
}

/// A search wants other defaults than a single run.
void change_defaults(CLI::App& app) {
  app.get_option("--arrivals")->default_str("poisson");
  app.get_option("--warmup")->description("Load before each probe, not recorded (1s)");
}

void apply_changed_defaults(const CLI::App& app, LoadOptions& load) {
  if (app.count("--arrivals") == 0) load.arrivals = ArrivalKind::poisson;
  if (app.count("--warmup") == 0) load.warmup = 1s;
}

Result<void> check_range(const SearchRange& range) {
  if (range.most < range.from) {
    return Failure{
        fmt::format("--max-rate {} is below --from {}; raise the one or lower the other", range.most, range.from)};
  }
  if (!(range.precision >= finest_precision && range.precision <= coarsest_precision)) {
    return Failure{fmt::format("--precision {} is out of range; give a share from {} to {}", range.precision,
                               finest_precision, coarsest_precision)};
  }
  return {};
}

Result<void> check_flag(const char* flag, const LoadOptions& load) {
  if (auto checked = check_options(load); !checked)
    return Failure{fmt::format("{}: {}", flag, checked.error().message)};
  return {};
}

/// Checks both ends of the range, and so all between them. One after the other, so that each failure is of one flag.
Result<void> check_load(const CapacityArguments& arguments) {
  LoadOptions load = arguments.load;
  load.rate = SearchRange().from;
  if (auto checked = check_options(load); !checked) return checked;
  load.rate = arguments.range.from;
  if (auto checked = check_flag("--from", load); !checked) return checked;
  load.rate = arguments.range.most;
  if (auto checked = check_flag("--max-rate", load); !checked) return checked;
  load.duration = arguments.probe;
  return check_flag("--probe", load);
}

Result<void> read_thresholds(const std::vector<std::string>& texts, CapacityArguments& arguments) {
  for (const std::string& text : texts) {
    auto threshold = parse_threshold(text);
    if (!threshold) return Failure{"--threshold: " + threshold.error().message};
    arguments.thresholds.push_back(std::move(*threshold));
  }
  if (imply_errors(arguments.thresholds)) arguments.implied_threshold = implied_threshold;
  return {};
}

Result<void> complete(const CLI::App& app, const LoadFlags& flags, const RawArguments& raw,
                      CapacityArguments& arguments) {
  auto load = flags.options();
  if (!load) return load.error();
  arguments.load = std::move(*load);
  arguments.read_files = flags.files();
  apply_changed_defaults(app, arguments.load);
  if (!raw.probe.empty()) {
    const auto probe = read_duration_flag("--probe", raw.probe);
    if (!probe) return probe.error();
    arguments.probe = *probe;
  }
  if (auto read = read_thresholds(raw.thresholds, arguments); !read) return read;
  if (auto checked = check_range(arguments.range); !checked) return checked;
  return check_load(arguments);
}

}  // namespace

Result<std::variant<CapacityArguments, HelpText>> parse_capacity_arguments(int argc, const char* const* argv) {
  CapacityArguments arguments;
  RawArguments raw;
  CLI::App app(purpose, "waitlab-client capacity");
  app.footer(capacity_footer);
  const LoadFlags flags(app);
  add_search_options(app, arguments, raw);
  change_defaults(app);
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  if (auto completed = complete(app, flags, raw, arguments); !completed) return completed.error();
  arguments.load.command = command_text("waitlab-client capacity", argc, argv);
  return arguments;
}

namespace {

Result<CapacityResult> search_and_show(const CapacityArguments& arguments, std::FILE* out) {
  const Interrupt interrupt;
  if (arguments.quiet) return search_capacity(arguments, interrupt.token(), {});
  CapacityView view(out);
  return search_capacity(arguments, interrupt.token(), view.events());
}

ExitCode exit_code_of(const CapacityResult& result) {
  if (result.interrupted || result.spoilt || result.not_recovered) return exit_invalid_run;
  if (!result.lowest_failed) return exit_good;
  if (result.lowest_failed->verdict == ProbeVerdict::client_failed) return exit_invalid_run;
  return result.highest_passed ? exit_good : exit_threshold_missed;
}

int run(const CapacityArguments& arguments) {
  CommandFiles files;
  auto output = JsonOutput::open(arguments.json_file, files);
  if (!output) return fail(exit_usage, output.error());
  if (auto kept = files.expect_unwritten(arguments.read_files); !kept) return fail(exit_usage, kept.error());
  if (!arguments.quiet) {
    if (auto free = files.use(output->text_stream(), "the text"); !free) return fail(exit_usage, free.error());
    if (auto free = files.use(stderr, "the progress"); !free) return fail(exit_usage, free.error());
  }
  if (arguments.json_file == "-" || (!arguments.quiet && output->text_stream() == stdout)) {
    if (auto open = expect_stdout(); !open) return fail(exit_could_not_run, open.error());
  }
  const auto result = search_and_show(arguments, output->text_stream());
  if (!result) return fail(exit_could_not_run, result.error());
  const auto written = output->write(to_json(*result));
  const auto printed =
      arguments.quiet ? Result<void>() : print_text(output->text_stream(), '\n' + verdict_text(*result));
  for (const auto& told : {written, printed}) {
    if (!told) return fail(exit_could_not_run, told.error());
  }
  return exit_code_of(*result);
}

}  // namespace

int capacity_command(int argc, char** argv) {
  return run_command_line<CapacityArguments>(parse_capacity_arguments(argc, argv), run);
}

}  // namespace waitlab::client
