#include "client/commands/earlier_part.hpp"

#include "client/format/experiment_reader.hpp"
#include "client/report/circumstances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace waitlab::client {
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
