#include "client/lessons/python_servers.hpp"

#include "client/experiment/server_program.hpp"
#include "client/experiment/shipped_folder.hpp"
#include "common/process/child_process.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

/// Prints how many increments each way should have made, and how many it lost.
constexpr const char* counting_script = R"(
import threading
rounds = 500_000
counter = 0
def same(number):
    return number
def plain():
    global counter
    for _ in range(rounds):
        counter += 1
def with_call():
    global counter
    for _ in range(rounds):
        counter = same(counter) + 1
def lost(way):
    global counter
    counter = 0
    threads = [threading.Thread(target=way) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return 2 * rounds - counter
print(2 * rounds, lost(plain), lost(with_call), flush=True)
)";

/// Starts programs that say where they listen.
class Starter {
 public:
  Starter(const LessonSetting& setting, const std::filesystem::path& logs) : setting_(setting), logs_(logs) {}

  Result<Program> start(const std::string& name, std::vector<std::string> command) const {
    setting_.on_step("starting " + name);
    return Program::start({.name = name,
                           .command = std::move(command),
                           .cpus = usable_cpus(),
                           .log = logs_ / (name + ".log"),
                           .prefixes = {"listening on"}},
                          setting_.stop);
  }

  Result<Program> start_python(const std::string& strategy, const std::string& script,
                               const std::string& backend) const {
    return start("python " + strategy, {"python3", script, "--strategy", strategy, "--listen", "127.0.0.1:0",
                                        "--backend", "http://" + backend, "--grace", "2s"});
  }

 private:
  const LessonSetting& setting_;
  std::filesystem::path logs_;
};

Result<std::string> find_python_server(const LessonSetting& setting) {
  const auto folder = find_shipped_experiments(setting.programs.server.parent_path());
  std::error_code ignored;
  if (folder && std::filesystem::is_regular_file(*folder / "peers/python_server.py", ignored))
    return (*folder / "peers/python_server.py").string();
  return Failure{"the Python server, experiments/peers/python_server.py, did not come with the programs"};
}

Result<void> check_python() {
  auto python = ChildProcess::start({.command = {"python3", "-c", "print('here')"}});
  if (!python) return Failure{"there is no python3 on PATH: " + python.error().message};
  if (!python->read_line(std::chrono::seconds(20))) return Failure{"the python3 on PATH does not run"};
  return {};
}

}  // namespace

Result<PythonFacts> parse_python_facts(const std::string& status) {
  const auto document = nlohmann::json::parse(status, nullptr, false);
  if (!document.is_object() || !document.contains("gil_enabled") || !document.at("gil_enabled").is_boolean())
    return Failure{"what listens is not the Python server"};
  return PythonFacts{document.value("implementation", "Python") + " " + document.value("version", "?"),
                     document.at("gil_enabled").get<bool>()};
}

Result<PythonServers> PythonServers::start(const LessonSetting& setting, const std::filesystem::path& logs) {
  const auto script = find_python_server(setting);
  if (!script) return script.error();
  if (auto checked = check_python(); !checked) return checked.error();
  const Starter starter(setting, logs);
  auto backend = starter.start("backend", {setting.programs.backend.string(), "--set", "listen.port=0"});
  if (!backend) return backend.error();
  const std::string address = backend->address(0);
  auto threading = starter.start_python("threading", *script, address);
  if (!threading) return threading.error();
  auto futures = starter.start_python("concurrent.futures", *script, address);
  if (!futures) return futures.error();
  auto asyncio = starter.start_python("asyncio", *script, address);
  if (!asyncio) return asyncio.error();
  auto processes = starter.start_python("multiprocessing", *script, address);
  if (!processes) return processes.error();
  auto cpp = starter.start(
      "C++ server",
      server_command(setting.programs.server, {"strategy=thread-per-connection", "backend.mode=remote",
                                               "backend.address=" + address, "listen.port=0", "admin.port=0"}));
  if (!cpp) return cpp.error();
  return PythonServers{std::move(*backend), std::move(*threading), std::move(*futures),
                       std::move(*asyncio), std::move(*processes), std::move(*cpp)};
}

std::optional<LostIncrements> count_in_python() {
  auto python = ChildProcess::start({.command = {"python3", "-c", counting_script}});
  if (!python) return std::nullopt;
  const auto line = python->read_line(std::chrono::seconds(20));
  if (!line) return std::nullopt;
  LostIncrements lost;
  std::istringstream numbers(*line);
  if (!(numbers >> lost.of >> lost.plain >> lost.with_call) || lost.of == 0) return std::nullopt;
  return lost;
}

}  // namespace waitlab::client
