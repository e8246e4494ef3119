#include "client/commands/result_source.hpp"

#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Result<std::vector<std::string>> files_in(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  if (error) return Failure{fmt::format("{} cannot be read: {}", folder.string(), error.message())};
  if (files.empty()) return Failure{fmt::format("{} holds no .json file; give a folder of results", folder.string())};
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<NamedResult>> read_files(const std::vector<std::string>& files) {
  std::vector<NamedResult> results;
  for (const std::string& file : files) {
    auto result = read_result_file(file);
    if (!result) return result.error();
    if (result->repeats.empty()) {
      results.push_back({file, std::move(*result), file});
      continue;
    }
    for (std::size_t i = 0; i < result->repeats.size(); ++i)
      results.push_back({fmt::format("{} repeat {}", file, i + 1), std::move(result->repeats[i]), file});
  }
  return results;
}

Result<std::vector<NamedResult>> read_listed(const std::string& source) {
  const auto files = split(source, ',');
  if (std::find(files.begin(), files.end(), "") == files.end()) return read_files(files);
  return Failure{fmt::format("'{}' has no file beside a comma; write files as a.json,b.json, without a space", source)};
}

/// Some runs of an experiment.
struct Selection {
  std::string file;
  std::string target;
  std::optional<double> level;

  std::string text() const { return fmt::format("{}#{}{}", file, target, level ? fmt::format("@{:g}", *level) : ""); }
};

/// FILE#TARGET or FILE#TARGET@LEVEL, where a level is a rate or a number of connections.
Result<Selection> parse_selection(const std::string& source) {
  const auto mark = source.rfind('#');
  const auto at = source.find('@', mark);
  Selection selection{source.substr(0, mark), source.substr(mark + 1, at - mark - 1), std::nullopt};
  if (at == std::string::npos) return selection;
  double level = 0;
  const char* const end = source.data() + source.size();
  const auto [stop, error] = std::from_chars(source.data() + at + 1, end, level);
  if (error != std::errc() || stop != end)
    return Failure{fmt::format("'{}' ends in no number; write FILE#TARGET@LEVEL, as in result.json#pool@400", source)};
  selection.level = level;
  return selection;
}

Result<std::vector<NamedResult>> read_selected(const Selection& selection) {
  auto experiment = read_experiment_result(selection.file);
  if (!experiment) return experiment.error();
  std::vector<NamedResult> results;
  for (ExperimentRun& run : experiment->runs) {
    const std::string& target = experiment->targets[run.target].name;
    const double level = experiment->load.levels[run.level];
    if (target != selection.target || (selection.level && level != *selection.level)) continue;
    run.load.seed = run.seed;
    results.push_back({fmt::format("{}#{}@{:g} repeat {}", selection.file, target, level, run.repeat + 1),
                       std::move(run.load), selection.file});
  }
  if (results.empty()) return Failure{fmt::format("{} has no run", selection.text())};
  return results;
}

}  // namespace

Result<std::vector<NamedResult>> read_results(const std::string& source) {
  if (fs::is_directory(source)) {
    const auto files = files_in(source);
    return files ? read_files(*files) : files.error();
  }
  if (fs::exists(source)) return read_files({source});
  if (source.find('#') == std::string::npos) return read_listed(source);
  const auto selection = parse_selection(source);
  return selection ? read_selected(*selection) : selection.error();
}

}  // namespace waitlab::client
