#include "client/commands/shipped_experiments.hpp"

#include "client/commands/rough_time.hpp"
#include "client/experiment/plan.hpp"
#include "client/record/wrap.hpp"
#include "common/config/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".jsonc";

std::string time_of(const Experiment& experiment) {
  return rough_time(planned_time(experiment, plan_sessions(experiment)));
}

std::string entry(const Experiment& whole, const Experiment& quick) {
  return fmt::format("  {:<22}takes {}, {} with --quick\n    {}", whole.name, time_of(whole), time_of(quick),
                     wrap(whole.title, terminal_columns, 4));
}

}  // namespace

Result<fs::path> find_shipped_experiments(const fs::path& programs) {
  for (const fs::path& folder : {programs.parent_path() / "share/waitlab/experiments",
                                 programs.parent_path().parent_path().parent_path() / "experiments",
                                 fs::path("/usr/share/waitlab/experiments")}) {
    if (std::error_code ignored; fs::is_directory(folder, ignored)) return folder;
  }
  return Failure{fmt::format("no experiments came with the programs in {}; give the file of one", programs.string())};
}

std::vector<Experiment> read_shipped_experiments(const fs::path& folder, bool quick) {
  std::vector<Experiment> experiments;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ending) continue;
    if (auto experiment = read_experiment(entry.path().string(), quick)) experiments.push_back(std::move(*experiment));
  }
  std::ranges::sort(experiments, {}, &Experiment::name);
  return experiments;
}

std::string shipped_experiments_text(const fs::path& folder) {
  const std::vector<Experiment> whole = read_shipped_experiments(folder);
  const std::vector<Experiment> quick = read_shipped_experiments(folder, true);
  std::string text = fmt::format("Experiments in {}:\n\n", folder.lexically_normal().string());
  for (std::size_t index = 0; index < whole.size(); ++index)
    text += entry(whole[index], quick[index]);
  return text + "\nRun one by its name: waitlab-client experiment NAME [--quick]\n";
}

Result<fs::path> find_experiment_file(const std::string& name, const Result<fs::path>& folder) {
  std::error_code ignored;
  const bool is_bare = name.find('/') == std::string::npos;
  if (!is_bare || fs::is_regular_file(name, ignored) || !folder) return fs::path(name);
  std::vector<std::string> names;
  for (const Experiment& experiment : read_shipped_experiments(*folder)) {
    const fs::path file = experiment.file;
    if (name == experiment.name || name == file.filename()) return file;
    names.push_back(experiment.name);
  }
  const auto nearest = nearest_name(name, names);
  return Failure{fmt::format("there is no file and no experiment '{}'{}; 'waitlab-client experiment --list' shows them",
                             name, nearest ? fmt::format(", did you mean '{}'?", *nearest) : "")};
}

}  // namespace waitlab::client
