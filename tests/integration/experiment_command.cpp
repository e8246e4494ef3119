#include "tests/integration/experiment_command.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <fstream>
#include <sstream>

namespace waitlab {

namespace fs = std::filesystem;

using nlohmann::json;

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

ExperimentCommand::ExperimentCommand()
    : folder_(
          fs::path(testing::TempDir()) /
          fmt::format("experiment-{}-{}", ::getpid(), testing::UnitTest::GetInstance()->current_test_info()->name())) {
  fs::create_directories(folder_);
}

ExperimentCommand::~ExperimentCommand() {
  fs::remove_all(folder_);
}

void ExperimentCommand::write_experiment(const json& changes) const {
  json experiment = json::parse(R"({
    "name": "tiny",
    "targets": [
      {"name": "loop", "server": {"strategy": "event-loop"}},
      {"name": "pool", "server": {"strategy": "fixed-pool", "strategies": {"fixed-pool": {"threads": 2}}}}
    ],
    "backend": {"profile": {"delay": {"distribution": "fixed", "value": "20ms"}}},
    "load": {"arrivals": "constant", "rates": [40, 150], "duration": "500ms", "warmup": "100ms", "timeout": "5s",
             "seed": 3},
    "repeats": 1
  })");
  experiment.merge_patch(changes);
  std::ofstream(file_) << "// a comment\n" << experiment.dump(1);
}

ChildProcess ExperimentCommand::start_with(const std::vector<std::string>& words) const {
  std::vector<std::string> command{WAITLAB_BIN_DIR "/waitlab-client", "experiment"};
  command.insert(command.end(), words.begin(), words.end());
  return ChildProcess::start({.command = command, .stderr_file = (folder_ / "stderr").string()}).value();
}

ChildProcess ExperimentCommand::start(const std::vector<std::string>& more) const {
  std::vector<std::string> words{file_, "--out", out_.string()};
  words.insert(words.end(), more.begin(), more.end());
  return start_with(words);
}

void ExperimentCommand::wait_until(const std::function<bool()>& condition, ChildProcess& client) const {
  while (!condition())
    ASSERT_FALSE(client.wait(std::chrono::milliseconds{20})) << read_text(folder_ / "stderr");
}

void ExperimentCommand::wait_for(const std::string& text, ChildProcess& client) const {
  wait_until([&] { return read_text(folder_ / "stderr").find(text) != std::string::npos; }, client);
}

void ExperimentCommand::wait_for(const std::string& text, const std::string& log, ChildProcess& client) const {
  wait_for("[1/", client);  // there is a folder then
  wait_until([&] { return read_text(results_folder() / log).find(text) != std::string::npos; }, client);
}

ExperimentOutcome ExperimentCommand::finish(ChildProcess& client) const {
  ExperimentOutcome outcome;
  // It prints nothing until all of its runs, and those that are made again, are over.
  while (const auto line = client.read_line(5 * patience))
    outcome.output += *line + "\n";
  outcome.exit_code = client.wait(patience).value_or(-1);
  outcome.errors = read_text(folder_ / "stderr");
  if (!fs::exists(out_)) return outcome;
  for (const fs::directory_entry& entry : fs::directory_iterator(out_)) {
    outcome.result = json::parse(read_text(entry.path() / "result.json"), nullptr, false);
    outcome.page = read_text(entry.path() / "report.html");
  }
  return outcome;
}

ExperimentOutcome ExperimentCommand::run(const std::vector<std::string>& more) const {
  ChildProcess client = start(more);
  return finish(client);
}

ExperimentOutcome ExperimentCommand::run_with(const std::vector<std::string>& words) const {
  ChildProcess client = start_with(words);
  return finish(client);
}

json ExperimentCommand::check(const fs::path& results) {
  auto client =
      ChildProcess::start({.command = {WAITLAB_BIN_DIR "/waitlab-client", "check", results.string(), "--json", "-"},
                           .stderr_file = "/dev/null"})
          .value();
  std::string output;
  while (const auto line = client.read_line(patience))
    output += *line + "\n";
  const int exit_code = client.wait(patience).value_or(-1);
  EXPECT_TRUE(exit_code == 0 || exit_code == 3 || exit_code == 4) << exit_code;  // what differs is the machine's affair
  return json::parse(output, nullptr, false);
}

}  // namespace waitlab
