#include "client/commands/results_folder.hpp"

#include "client/commands/output_file.hpp"
#include "client/report/circumstances.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/html_report.hpp"
#include "client/report/page_facts.hpp"
#include "client/report/theory.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <system_error>

namespace waitlab::client {

namespace fs = std::filesystem;

namespace {

/// Makes a folder that was not there before, though others may make theirs at the same time: `path`, or with a number
/// behind it from `number` on. What is no folder is in the way as well.
Result<fs::path> make_new_folder(const fs::path& path, int number) {
  fs::path folder = number == 1 ? path : fs::path(fmt::format("{}-{}", path.string(), number));
  std::error_code error;
  while (!fs::create_directory(folder, error)) {
    if (error && error != std::errc::file_exists)
      return Failure{fmt::format("cannot make {}: {}", folder.string(), error.message())};
    folder = fmt::format("{}-{}", path.string(), ++number);
  }
  return folder;
}

}  // namespace

Result<fs::path> make_results_folder(const fs::path& out, const std::string& name) {
  const auto failure = [](const std::string& what) { return Failure{"--out: " + what}; };
  std::error_code error;
  fs::create_directories(out, error);
  if (error) return failure(fmt::format("cannot make {}: {}", out.string(), error.message()));
  const std::string stem = fmt::format("{}-{:%Y%m%d-%H%M%S}", name, fmt::localtime(std::time(nullptr)));
  auto folder = make_new_folder(out / stem, 1);
  if (!folder) return failure(folder.error().message);
  fs::create_directory(*folder / "logs", error);
  if (error) return failure(fmt::format("cannot make {}: {}", (*folder / "logs").string(), error.message()));
  return folder;
}

Result<fs::path> make_next_logs_folder(const fs::path& results) {
  return make_new_folder(results / "logs", 2);
}

std::string result_of_word(const std::string& word) {
  std::error_code not_there;
  return fs::is_directory(word, not_there) ? (fs::path(word) / "result.json").string() : word;
}

void remove_empty_files(const fs::path& folder) {
  std::error_code ignored;  // what can't be removed does no harm
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_regular_file(ignored) && entry.file_size(ignored) == 0) fs::remove(entry.path(), ignored);
  }
}

namespace {

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string experiment_document(const ExperimentResult& result) {
  const Comparison comparison = compare(result);
  return dump(experiment_json(result, comparison, judge_experiment(result, comparison)));
}

ReportSource report_source(const std::string& name, const ExperimentResult& result) {
  const Comparison comparison = compare(result);
  return {.name = name,
          .text = experiment_document(result),
          .facts = dump(page_facts(result, comparison, theory_of(result, comparison)))};
}

Result<void> write_results(const ExperimentResult& result, const fs::path& folder) {
  const std::string json = (folder / "result.json").string();
  const ReportSource source = report_source(json, result);
  const auto written = write_whole_file(json, source.text);
  const auto page = write_whole_file((folder / "report.html").string(), html_report({source}));
  return written ? page : written;
}

namespace {

namespace fs = std::filesystem;

Result<Experiment> read_again(const ExperimentResult& earlier, const std::string& file) {
  std::error_code ignored;
  if (file.empty() && !fs::exists(earlier.file, ignored))
    return parse_experiment(earlier.content, earlier.file, earlier.quick);
  return read_experiment(file.empty() ? earlier.file : file, earlier.quick);
}

Failure no_longer_the_same(const std::string& file, const fs::path& folder) {
  return {fmt::format(
      "{} is no longer what {} was begun with (its text is in the result there); begin anew without --resume", file,
      folder.string())};
}

}  // namespace

Result<EarlierPart> read_earlier_part(const fs::path& folder, const std::string& file) {
  auto result = read_experiment_result((folder / "result.json").string());
  if (!result) return result.error();
  auto experiment = read_again(*result, file);
  if (!experiment) return experiment.error();
  if (experiment->content != result->content) return no_longer_the_same(experiment->file, folder);
  if (experiment->requests_text != result->requests) return no_longer_the_same(experiment->load.targets_file, folder);
  experiment->request_logs |=
      std::ranges::any_of(result->runs, [](const ExperimentRun& run) { return !run.request_log.empty(); });
  return EarlierPart{.experiment = std::move(*experiment), .result = std::move(*result)};
}

Result<void> expect_same_conditions(const ExperimentResult& earlier, const Machine& machine,
                                    const Placement& placement) {
  const auto refuse = [](const std::string& before, const std::string& now) {
    return Failure{
        fmt::format("the runs there were made with {}, and these would be with {}: they can't be compared; "
                    "begin anew without --resume",
                    before, now)};
  };
  if (earlier.version != WAITLAB_VERSION) return refuse("waitlab " + earlier.version, WAITLAB_VERSION);
  // As they are told: a few pages of memory more or less make no other machine.
  const std::string before = machine_text(earlier.machine);
  const std::string now = machine_text(machine);
  if (before != now) return refuse(before, now);
  if (earlier.placement != placement) return refuse(placement_text(earlier.placement), placement_text(placement));
  return {};
}

}  // namespace waitlab::client
