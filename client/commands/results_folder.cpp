#include "client/commands/results_folder.hpp"

#include "client/report/circumstances.hpp"
#include "client/report/experiment_json.hpp"
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

Result<fs::path> make_results_folder(const fs::path& out, const std::string& name) {
  const std::string stem = fmt::format("{}-{:%Y%m%d-%H%M%S}", name, fmt::localtime(std::time(nullptr)));
  fs::path folder = out / stem;
  for (int number = 2; fs::exists(folder); ++number)
    folder = out / fmt::format("{}-{}", stem, number);
  std::error_code error;
  fs::create_directories(folder / "logs", error);
  if (error) return Failure{fmt::format("--out: cannot make {}: {}", folder.string(), error.message())};
  return folder;
}

Result<fs::path> make_next_logs_folder(const fs::path& results) {
  fs::path folder;
  for (int number = 2; folder.empty() || fs::exists(folder); ++number)
    folder = results / fmt::format("logs-{}", number);
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return Failure{fmt::format("cannot make {}: {}", folder.string(), error.message())};
  return folder;
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
  return {.name = name,
          .text = experiment_document(result),
          .facts = dump(page_facts(result, theory_of(result, compare(result))))};
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
