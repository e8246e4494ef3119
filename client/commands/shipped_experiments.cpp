#include "client/commands/shipped_experiments.hpp"

#include "client/commands/plan_text.hpp"
#include "client/experiment/experiment_file.hpp"
#include "client/experiment/plan.hpp"
#include "common/text/words.hpp"
#include "common/text/wrap.hpp"

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

std::string heading(const fs::path& file, const std::string& times, const std::string& text) {
  return fmt::format("  {:<21} {}\n    {}", file.stem().string(), times, wrap(text, terminal_columns, 4));
}

std::string entry(const fs::path& file) {
  const auto whole = read_experiment(file.string());
  const auto quick = read_experiment(file.string(), true);
  if (!whole || !quick) return heading(file, "can't be read", (whole ? quick : whole).error().message);
  return heading(file, fmt::format("takes {}, {} with --quick", time_of(*whole), time_of(*quick)), whole->title);
}

}  // namespace

std::vector<fs::path> shipped_experiments(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path& file = entry.path();
    if (file.extension() == ending && !file.stem().string().ends_with("targets")) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

std::string shipped_experiments_text(const fs::path& folder) {
  std::string text = fmt::format("Experiments in {}:\n\n", folder.lexically_normal().string());
  for (const fs::path& file : shipped_experiments(folder))
    text += entry(file);
  return text + "\nRun one by its name: waitlab-client experiment NAME [--quick]\n";
}

Result<fs::path> find_experiment_file(const std::string& name, const Result<fs::path>& folder) {
  std::error_code ignored;
  const bool is_bare = name.find('/') == std::string::npos;
  if (!is_bare || fs::is_regular_file(name, ignored) || !folder) return fs::path(name);
  std::vector<std::string> names;
  for (const fs::path& file : shipped_experiments(*folder)) {
    if (name == file.stem() || name == file.filename()) return file;
    names.push_back(file.stem());
  }
  const auto nearest = nearest_name(name, names);
  return Failure{fmt::format("there is no file and no experiment '{}'{}; 'waitlab-client experiment --list' shows them",
                             name, nearest ? fmt::format(", did you mean '{}'?", *nearest) : "")};
}

}  // namespace waitlab::client
