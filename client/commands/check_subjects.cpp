#include "client/commands/check_subjects.hpp"

#include "client/commands/results_folder.hpp"
#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/figure_text.hpp"

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

/// Whether the text is meant to be the result of an experiment, as far as can be said before it is read.
bool is_experiment(const std::string& text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  return document.is_object() && document.contains("runs");
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
    const std::string file = result_of_word(result);
    const auto text = read_text(file);
    if (!text) return text.error();
    if (is_experiment(*text)) return add_experiment(*text, file);
    auto load = read_result(*text, file);
    if (!load) return load.error();
    CheckSubject subject{.name = result,
                         .load = std::move(*load),
                         .seed = {},
                         .strategy = arguments_.strategy,
                         .facts = {},
                         .threads = arguments_.threads,
                         .server_log = {},
                         .hold_log = {}};
    if (subject.load.seed) subject.seed = fmt::format("{:x}", *subject.load.seed);
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
    subject.server_log_file = server_log;
    subject.hold_log_file = backend_log;
    subjects_.push_back(std::move(subject));
    return {};
  }

  Result<void> add_experiment(const std::string& text, const fs::path& file) {
    auto experiment = parse_experiment_result(text, file.string());
    if (!experiment) return experiment.error();
    for (ExperimentRun& run : experiment->runs) {
      const ExperimentTarget& target = experiment->targets[run.target];
      const std::string name = fmt::format("{}: {} at {}, repeat {}", file.string(), target.name,
                                           format_level(experiment->load.level(run.level)), run.repeat + 1);
      if (auto added = add_run(name, target, std::move(run), file.parent_path()); !added) return added;
    }
    return {};
  }

  Result<void> add_run(const std::string& name, const ExperimentTarget& target, ExperimentRun run,
                       const fs::path& folder) {
    const auto in_folder = [&](const std::string& path) { return (folder / path).string(); };
    // In older results, the server's default strategy, if the settings don't say, is known to its log only.
    CheckSubject subject{.name = name,
                         .load = std::move(run.load),
                         .seed = fmt::format("{:x}", run.seed),
                         .strategy = target.strategy.empty() ? arguments_.strategy : target.strategy,
                         .facts = target.facts,
                         .threads = target.threads ? target.threads : arguments_.threads,
                         .server_log = {},
                         .hold_log = {}};
    return add(std::move(subject), run.request_log.empty() ? arguments_.server_log : in_folder(run.request_log),
               run.hold_log.empty() ? arguments_.backend_log : in_folder(run.hold_log));
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
