#include "client/commands/run_command.hpp"

#include "client/commands/exit_code.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/progress_line.hpp"
#include "client/commands/run_arguments.hpp"
#include "client/commands/whole_file.hpp"
#include "client/engine/load_run.hpp"
#include "client/record/result_json.hpp"
#include "client/record/result_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <optional>
#include <string>

namespace waitlab::client {
namespace {

constexpr const char* to_stdout = "-";

int fail(ExitCode code, const Failure& failure) {
  fmt::print(stderr, "waitlab-client: {}\n", failure.message);
  return code;
}

/// Opened before the run, so that a path that can't be written costs no time.
Result<std::optional<WholeFile>> open_json_file(const RunArguments& arguments) {
  std::optional<WholeFile> none;
  if (!arguments.json_file || *arguments.json_file == to_stdout) return none;
  auto file = WholeFile::open(*arguments.json_file);
  if (!file) return Failure{"--json: " + file.error().message};
  return std::optional<WholeFile>(std::move(*file));
}

Result<LoadResult> run_with_progress(LoadOptions load, bool quiet) {
  const Interrupt interrupt;
  load.stop = interrupt.token();
  if (quiet) return run_load(load);
  ProgressLine line;
  load.on_progress = [&line](const LoadProgress& progress) { line.show(progress); };
  return run_load(load);
}

/// A command line may hold any bytes, JSON only UTF-8: others are replaced.
std::string json_text(const LoadResult& result) {
  return to_json(result).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

Result<void> print(std::FILE* out, const std::string& text) {
  if (std::fputs(text.c_str(), out) != EOF && std::fflush(out) == 0) return {};
  return Failure{fmt::format("{} cannot be written; is the disk full?", out == stdout ? "stdout" : "stderr")};
}

Result<void> report(const RunArguments& arguments, const LoadResult& result, std::optional<WholeFile>& file) {
  const bool json_on_stdout = arguments.json_file == to_stdout;
  if (file) {
    if (auto written = file->write(json_text(result)); !written) return written;
  }
  if (json_on_stdout) {
    if (auto printed = print(stdout, json_text(result)); !printed) return printed;
  }
  return arguments.quiet ? Result<void>() : print(json_on_stdout ? stderr : stdout, to_text(result));
}

int run(const RunArguments& arguments) {
  auto file = open_json_file(arguments);
  if (!file) return fail(exit_usage, file.error());
  const auto result = run_with_progress(arguments.load, arguments.quiet);
  if (!result) return fail(exit_could_not_run, result.error());
  if (auto reported = report(arguments, *result, *file); !reported) return fail(exit_could_not_run, reported.error());
  return result->valid() ? exit_good : exit_invalid_run;
}

}  // namespace

int run_command(int argc, char** argv) {
  const auto parsed = parse_run_arguments(argc, argv);
  if (!parsed) return fail(exit_usage, parsed.error());
  if (const auto* help = std::get_if<HelpText>(&*parsed)) {
    fmt::print("{}", help->text);
    return exit_good;
  }
  return run(std::get<RunArguments>(*parsed));
}

}  // namespace waitlab::client
