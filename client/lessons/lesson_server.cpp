#include "client/lessons/lesson_server.hpp"

#include "client/engine/load_run.hpp"
#include "client/experiment/server_program.hpp"
#include "common/net/http_get.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr auto answer_patience = 5s;
constexpr auto request_patience = 20s;

}  // namespace

Result<Program> start_lesson_server(const LessonSetting& setting, const std::filesystem::path& folder,
                                    const std::vector<std::string>& settings) {
  std::vector<std::string> all = settings;
  all.insert(all.end(), {"listen.port=0", "admin.port=0"});
  return Program::start({.name = "the server",
                         .command = server_command(setting.programs.server, all),
                         .cpus = usable_cpus(),
                         .log = folder / "server.log",
                         .prefixes = {"listening on", "admin on"}},
                        setting.stop);
}

RequestTemplate post_of(std::string path) {
  RequestTemplate request;
  request.method = "POST";
  request.path = std::move(path);
  return request;
}

Result<LoadResult> send_requests(const LessonSetting& setting, const Program& server,
                                 const std::vector<RequestTemplate>& requests, std::uint64_t number) {
  LoadOptions load;
  load.url = "http://" + server.address(0);
  load.targets = requests;
  load.connections = 8;
  load.requests = number;
  load.timeout = request_patience;
  load.seed = setting.seed;
  load.stop = setting.stop;
  auto result = run_load(load);
  if (result && result->interrupted) return Failure{"interrupted"};
  return result;
}

Result<nlohmann::json> ask_json(const std::string& address, const std::string& path) {
  const auto answer = http_get(address, path, answer_patience);
  if (!answer) return answer.error();
  auto json = nlohmann::json::parse(answer->body, nullptr, false);
  if (json.is_discarded()) return Failure{fmt::format("{} of {} answered no JSON", path, address)};
  return json;
}

}  // namespace waitlab::client
