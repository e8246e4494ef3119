#include "client/commands/run_session.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/live_view.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/run_arguments.hpp"
#include "client/commands/terminal.hpp"
#include "client/commands/threshold_watch.hpp"
#include "client/engine/request_text.hpp"
#include "client/engine/target.hpp"
#include "client/format/hdr_files.hpp"
#include "client/format/prometheus_text.hpp"
#include "client/format/request_csv.hpp"
#include "client/format/result_json.hpp"
#include "client/format/result_text.hpp"
#include "client/record/load_result.hpp"
#include "client/report/result_merge.hpp"
#include "common/process/standard_streams.hpp"
#include "common/result.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace waitlab::client {
namespace {

/// The files a run writes. All are opened before it, so that a path that can't be written costs no time.
class RunOutputs {
 public:
  /// `read`: files that the run reads. `text`: whether there is one for people. Failure names the flag and the file.
  static Result<RunOutputs> open(const OutputFiles& paths, const std::vector<std::string>& read, bool text);

  /// Where the text for people goes.
  std::FILE* text_stream() const { return json_.text_stream(); }

  /// Lets the run tell what the files need while it lasts. This must outlive the run and stay where it is.
  void listen_to(LoadOptions& load);
  /// Writes what was found. Failure when a file could not be written; the others still were.
  Result<void> write(const LoadResult& result);

 private:
  RunOutputs(JsonOutput json, HgrmOutput hgrm) : json_(std::move(json)), hgrm_(std::move(hgrm)) {}

  JsonOutput json_;
  HgrmOutput hgrm_;
  std::optional<WholeFile> csv_file_, hdr_log_file_, prometheus_;
  std::unique_ptr<RequestCsv> csv_;
  std::optional<HdrLog> hdr_log_;
};

Result<void> open_file(const char* flag, const std::optional<std::string>& path, CommandFiles& files,
                       std::optional<WholeFile>& file) {
  if (!path) return {};
  auto opened = files.open(flag, *path);
  if (!opened) return opened.error();
  file.emplace(std::move(*opened));
  return {};
}

std::vector<TargetName> target_names(const LoadOptions& load) {
  std::vector<TargetName> names;
  for (const RequestTemplate& request : request_mix(load, parse_target(load.url).value()))
    names.push_back({request.method, request.path});
  return names;
}

Result<RunOutputs> RunOutputs::open(const OutputFiles& paths, const std::vector<std::string>& read, bool text) {
  CommandFiles files;
  auto json = JsonOutput::open(paths.json, files);
  if (!json) return json.error();
  auto hgrm = HgrmOutput::open(paths.hgrm, files);
  if (!hgrm) return hgrm.error();
  RunOutputs outputs(std::move(*json), std::move(*hgrm));
  if (auto opened = open_file("--csv", paths.csv, files, outputs.csv_file_); !opened) return opened.error();
  if (auto opened = open_file("--hdr-log", paths.hdr_log, files, outputs.hdr_log_file_); !opened) return opened.error();
  if (auto opened = open_file("--prometheus", paths.prometheus, files, outputs.prometheus_); !opened)
    return opened.error();
  if (auto kept = files.expect_unwritten(read); !kept) return kept.error();
  if (!text) return outputs;
  if (auto free = files.use(outputs.text_stream(), "the text"); !free) return free.error();
  if (auto free = files.use(stderr, "the progress"); !free) return free.error();
  return outputs;
}

void RunOutputs::listen_to(LoadOptions& load) {
  if (csv_file_) {
    csv_ = std::make_unique<RequestCsv>(csv_file_->stream(), load.seed, target_names(load));
    load.on_rows = [this](std::span<const RequestRow> rows) { csv_->add(rows); };
  }
  if (hdr_log_file_) {
    load.on_begin = [this](std::chrono::system_clock::time_point begin) {
      hdr_log_.emplace(std::chrono::floor<std::chrono::milliseconds>(begin));
    };
    load.on_slice = [this](const Slice& slice) { hdr_log_->add(slice); };
  }
}

Result<void> RunOutputs::write(const LoadResult& result) {
  Result<void> outcome;
  const auto note = [&outcome](Result<void> written) {
    if (written) return;
    outcome = outcome ? std::move(written) : Failure{outcome.error().message + "; " + written.error().message};
  };
  note(json_.write(to_json(result)));
  if (csv_file_) note(csv_file_->finish());
  if (hdr_log_file_) note(hdr_log_file_->write(hdr_log_->text()));
  note(hgrm_.write(result.record));
  if (prometheus_) note(prometheus_->write(prometheus_text(result)));
  return outcome;
}

Result<LoadResult> run_once(const RunArguments& arguments, LoadOptions load, const MakeRun& make_run) {
  ThresholdWatch watch(arguments.thresholds);
  if (arguments.abort_on_fail) {
    load.abort_when = [&watch](const LoadProgress& progress) { return watch.missed(progress); };
  }
  std::optional<LiveView> view;
  if (!arguments.quiet) {
    view.emplace(arguments.tui);
    load.on_detour = warn_of_detour;
    load.on_news = [&view](const std::string& line) { view->tell(line); };
    load.on_progress = [&view](const LoadProgress& progress) { view->show(progress); };
  }
  auto result = make_run(load);
  if (!result) return result;
  if (result->aborted) result->aborted_by = watch.miss();
  result->thresholds = hold_against(arguments.thresholds, *result);
  return result;
}

/// What was found in all, and why no further repeat could be made, if one could not.
struct Found {
  LoadResult result;
  std::optional<Failure> broken_off;
};

/// Makes one result of those of repeats, in which each of them still is.
Found together(std::vector<LoadResult> repeats, std::optional<Failure> broken_off) {
  if (repeats.size() == 1) return {std::move(repeats.front()), std::move(broken_off)};
  const std::string command = repeats.front().command;
  Found found{merge_results(repeats).result, std::move(broken_off)};
  found.result.command = command;
  found.result.repeats = std::move(repeats);
  return found;
}

/// A repeat that is interrupted, aborted or can't begin is the last one. Failure if there was none at all.
Result<Found> run_all(const RunArguments& arguments, RunOutputs& outputs, const MakeRun& make_run) {
  const Interrupt interrupt;
  LoadOptions load = arguments.load;
  load.stop = interrupt.token();
  outputs.listen_to(load);
  std::vector<LoadResult> repeats;
  for (unsigned repeat = 1; repeat <= arguments.repeats; ++repeat, ++load.seed) {
    if (arguments.repeats > 1 && !arguments.quiet)
      say(fmt::format("Repeat {} of {}, seed {}\n", repeat, arguments.repeats, load.seed));
    auto result = run_once(arguments, load, make_run);
    if (!result && repeats.empty()) return result.error();
    if (!result) return together(std::move(repeats), result.error());
    repeats.push_back(std::move(*result));
    if (repeats.back().interrupted || repeats.back().aborted) break;
  }
  return together(std::move(repeats), std::nullopt);
}

}  // namespace

int make_runs(const RunArguments& arguments, const MakeRun& make_run) {
  auto outputs = RunOutputs::open(arguments.files, arguments.read_files, !arguments.quiet);
  if (!outputs) return fail(exit_usage, outputs.error());
  if (arguments.files.json == "-" || (!arguments.quiet && outputs->text_stream() == stdout)) {
    if (auto open = expect_stdout(); !open) return fail(exit_could_not_run, open.error());
  }
  const auto found = run_all(arguments, *outputs, make_run);
  if (!found) return fail(exit_could_not_run, found.error());
  const auto written = outputs->write(found->result);
  const auto printed = arguments.quiet ? Result<void>() : print_text(outputs->text_stream(), to_text(found->result));
  for (const auto& told : {written, printed}) {
    if (!told) return fail(exit_could_not_run, told.error());
  }
  if (found->broken_off) return fail(exit_could_not_run, *found->broken_off);
  return exit_code_of(found->result);
}

}  // namespace waitlab::client
