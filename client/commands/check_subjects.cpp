#include "client/commands/check_subjects.hpp"

#include "client/experiment/server_settings.hpp"
#include "client/record/result_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;

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
    const fs::path file = fs::is_directory(result) ? fs::path(result) / "result.json" : fs::path(result);
    std::ifstream stream(file);
    if (!stream) return Failure{fmt::format("{} cannot be read; give a result", file.string())};
    const json document = json::parse(stream, nullptr, false);
    if (document.is_object() && document.contains("runs")) return add_experiment(document, file);
    auto load = read_result_file(file.string());
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

  Result<void> add_experiment(const json& document, const fs::path& file) {
    try {
      std::map<std::string, std::vector<std::string>> settings;
      for (const json& target : document.at("targets"))
        settings[target.at("name")] = target.at("settings").get<std::vector<std::string>>();
      const std::string hold_log = document.at("backend").value("hold_log", std::string());
      for (const json& run : document.at("runs")) {
        if (auto added = add_run(run, settings[run.at("target")], hold_log, file); !added) return added;
      }
    } catch (const json::exception& error) {
      return Failure{fmt::format("{} is no experiment's result: {}", file.string(), error.what())};
    }
    return {};
  }

  Result<void> add_run(const json& run, const std::vector<std::string>& settings, const std::string& hold_log,
                       const fs::path& file) {
    const fs::path folder = file.parent_path();
    const auto in_folder = [&](const std::string& path) { return path.empty() ? "" : (folder / path).string(); };
    const std::string name =
        fmt::format("{}: {} at {}/s, repeat {}", file.string(), run.at("target").get<std::string>(),
                    run.at("rate").get<double>(), run.at("repeat").get<unsigned>());
    auto load = read_result(run.at("load").dump(), name);
    if (!load) return load.error();
    const json log = run.value("request_log", json());
    CheckSubject subject{.name = name,
                         .load = std::move(*load),
                         .seed = fmt::format("{:x}", run.at("seed").get<std::uint64_t>()),
                         .strategy = strategy_of(settings),
                         .threads = threads_of(settings),
                         .server_log = {},
                         .hold_log = {}};
    if (!subject.threads) subject.threads = arguments_.threads;
    return add(std::move(subject), log.is_string() ? in_folder(log) : arguments_.server_log,
               hold_log.empty() ? arguments_.backend_log : in_folder(hold_log));
  }

  /// The server's default, if the settings don't say, is known to its log only.
  std::string strategy_of(const std::vector<std::string>& settings) const {
    constexpr std::string_view key = "strategy=";
    for (const std::string& setting : settings) {
      if (setting.starts_with(key)) return setting.substr(key.size());
    }
    return arguments_.strategy;
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
