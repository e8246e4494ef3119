#include "client/commands/check_subjects.hpp"

#include "client/experiment/server_settings.hpp"
#include "client/record/json_place.hpp"
#include "client/record/result_reader.hpp"
#include "client/report/figures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

/// Once, so that it may be a pipe.
Result<std::string> read_text(const std::string& path) {
  std::ifstream stream(path);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) return Failure{fmt::format("{} cannot be read; give a result", path)};
  return text;
}

/// Of a list that must be there.
std::vector<std::string> texts_of(const JsonPlace& list) {
  std::vector<std::string> texts;
  for (const JsonPlace& item : list.items())
    texts.push_back(item.text());
  return texts;
}

/// Empty if it is not there or null.
std::string text_or_none(const JsonPlace& place, const std::string& member) {
  return place.has(member) && !place[member].is_null() ? place[member].text() : "";
}

/// Reads each log once, however many runs it tells of.
class Logs {
 public:
  Result<std::shared_ptr<const std::vector<LoggedRequest>>> server(const std::string& path) {
    return once(server_, path, [](const std::string& file) { return read_server_log(file); });
  }

  Result<std::shared_ptr<const std::vector<Hold>>> backend(const std::string& path) {
    return once(backend_, path, read_hold_log);
  }

 private:
  template <class T>
  using Read = std::map<std::string, std::shared_ptr<const std::vector<T>>>;

  template <class T, class Reader>
  static Result<std::shared_ptr<const std::vector<T>>> once(Read<T>& read, const std::string& path, Reader reader) {
    if (path.empty()) return std::shared_ptr<const std::vector<T>>();
    if (const auto known = read.find(path); known != read.end()) return known->second;
    auto entries = reader(path);
    if (!entries) return entries.error();
    return read[path] = std::make_shared<const std::vector<T>>(std::move(*entries));
  }

  Read<LoggedRequest> server_;
  Read<Hold> backend_;
};

/// Collects the subjects of one command line.
class SubjectReader {
 public:
  explicit SubjectReader(const CheckArguments& arguments) : arguments_(arguments) {}

  Result<void> add(const std::string& result) {
    const fs::path path = fs::is_directory(result) ? fs::path(result) / "result.json" : fs::path(result);
    const std::string file = path.string();
    const auto text = read_text(file);
    if (!text) return text.error();
    const auto document = parse_jsonc(*text, file);
    if (document && document->root.is_object() && document->root.contains("runs"))
      return add_experiment(*document, file);
    auto load = read_result(*text, file);
    if (!load) return load.error();
    CheckSubject subject{.name = result,
                         .load = std::move(*load),
                         .seed = {},
                         .strategy = arguments_.strategy,
                         .threads = arguments_.threads,
                         .server_log = {},
                         .hold_log = {}};
    return add(std::move(subject), arguments_.server_log, arguments_.backend_log);
  }

  std::vector<CheckSubject> take() { return std::move(subjects_); }

 private:
  Result<void> add(CheckSubject subject, const std::string& server_log, const std::string& backend_log) {
    auto server = logs_.server(server_log);
    if (!server) return server.error();
    auto backend = logs_.backend(backend_log);
    if (!backend) return backend.error();
    subject.server_log = *server;
    subject.hold_log = *backend;
    subjects_.push_back(std::move(subject));
    return {};
  }

  Result<void> add_experiment(const JsonDocument& document, const fs::path& file) {
    std::optional<Failure> failure;
    const JsonPlace root(document, failure);
    std::map<std::string, std::vector<std::string>> settings;
    for (const JsonPlace& target : root["targets"].items())
      settings[target["name"].text()] = texts_of(target["settings"]);
    const Loop loop = root["load"]["rates"].is_null() ? Loop::closed : Loop::open;
    const std::string hold_log = text_or_none(root["backend"], "hold_log");
    const std::vector<JsonPlace> runs = root["runs"].items();
    for (std::size_t index = 0; index < runs.size() && !failure; ++index) {
      const RunOfExperiment run = read_run(runs[index], loop, file);
      if (failure) break;
      const std::string load = document.root["runs"][index]["load"].dump();
      if (auto added = add_run(run, load, settings[run.target], hold_log, file.parent_path()); !added) return added;
    }
    if (failure) return *failure;
    return {};
  }

  struct RunOfExperiment {
    std::string name;
    std::string target;
    std::string seed;         ///< in hex
    std::string request_log;  ///< empty: none
  };

  static RunOfExperiment read_run(const JsonPlace& run, Loop loop, const fs::path& file) {
    const Level level{.loop = loop, .value = run["level"].number()};
    const std::string target = run["target"].text();
    static_cast<void>(run["load"]);
    return {.name = fmt::format("{}: {} at {}, repeat {}", file.string(), target, format_level(level),
                                run["repeat"].count()),
            .target = target,
            .seed = fmt::format("{:x}", run["seed"].count()),
            .request_log = text_or_none(run, "request_log")};
  }

  Result<void> add_run(const RunOfExperiment& run, const std::string& result, const std::vector<std::string>& settings,
                       const std::string& hold_log, const fs::path& folder) {
    const auto in_folder = [&](const std::string& path) { return (folder / path).string(); };
    auto load = read_result(result, run.name);
    if (!load) return load.error();
    CheckSubject subject{.name = run.name,
                         .load = std::move(*load),
                         .seed = run.seed,
                         .strategy = strategy_of(settings),
                         .threads = threads_of(settings),
                         .server_log = {},
                         .hold_log = {}};
    // The server's default, if the settings don't say, is known to its log only.
    if (subject.strategy.empty()) subject.strategy = arguments_.strategy;
    if (!subject.threads) subject.threads = arguments_.threads;
    return add(std::move(subject), run.request_log.empty() ? arguments_.server_log : in_folder(run.request_log),
               hold_log.empty() ? arguments_.backend_log : in_folder(hold_log));
  }

  const CheckArguments& arguments_;
  Logs logs_;
  std::vector<CheckSubject> subjects_;
};

}  // namespace

Result<std::vector<CheckSubject>> read_check_subjects(const CheckArguments& arguments) {
  SubjectReader reader(arguments);
  for (const std::string& result : arguments.results) {
    if (auto added = reader.add(result); !added) return added.error();
  }
  return reader.take();
}

}  // namespace waitlab::client
