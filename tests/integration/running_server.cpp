#include "tests/integration/running_server.hpp"

#include "tests/support/patience.hpp"

#include <chrono>
#include <stdexcept>

namespace waitlab {
namespace {

std::vector<std::string> command_line(std::vector<std::string> wrapper, const std::vector<std::string>& arguments) {
  wrapper.emplace_back(WAITLAB_BIN_DIR "/waitlab-server");
  wrapper.insert(wrapper.end(), arguments.begin(), arguments.end());
  return wrapper;
}

std::uint16_t port_in(const std::string& line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos) throw std::runtime_error("no port in: " + line);
  return static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1)));
}

}  // namespace

RunningServer::RunningServer(const std::vector<std::string>& arguments, std::vector<std::string> wrapper) {
  std::vector<std::string> all = {"--set", "listen.port=0", "--set", "admin.port=0"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  auto started = ChildProcess::start({.command = command_line(std::move(wrapper), all), .stderr_file = log_.path()});
  if (!started) throw std::runtime_error(started.error().message);
  process_.emplace(std::move(*started));
  const auto strategy_line = process_->read_line(patience);
  if (!strategy_line) throw std::runtime_error(strategy_line.error().message + "; it said: " + log());
  strategy_line_ = *strategy_line;
  port_ = port_in(strategy_line_);
  admin_port_ = port_in(process_->read_line(patience).value());
}

HttpAnswer RunningServer::admin(const std::string& target) const {
  return HttpConnection(admin_port_).get(target);
}

nlohmann::json RunningServer::status() const {
  return nlohmann::json::parse(admin("/status").body);
}

void RunningServer::await_status(const std::string& pointer, const nlohmann::json& expected) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const HttpAnswer now = admin("/status");
    // A server that is short of descriptors turns this connection away too.
    const bool told = now.status == 200;
    if (told && nlohmann::json::parse(now.body).at(nlohmann::json::json_pointer(pointer)) == expected) return;
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error(pointer + " never came to be: " + now.body);
  }
}

const std::vector<std::string>& strategies() {
  static const std::vector<std::string> names =
      nlohmann::json::parse(run_server_to_its_end({"--print-schema"}).output)["properties"]["strategy"]["enum"];
  return names;
}

std::vector<std::string> in_front_of(const GatedBackend& backend, const std::string& strategy) {
  return {
      "--set", "strategy=" + strategy, "--set", "backend.mode=remote", "--set", "backend.address=" + backend.address()};
}

Ended run_server_to_its_end(const std::vector<std::string>& arguments, std::vector<std::string> wrapper) {
  const TemporaryFile errors(".err");
  auto started =
      ChildProcess::start({.command = command_line(std::move(wrapper), arguments), .stderr_file = errors.path()});
  if (!started) throw std::runtime_error(started.error().message);
  std::string output;
  while (const auto line = started->read_line(patience))
    output += *line + "\n";
  const auto code = started->wait(patience);
  return {code.value_or(-1), errors.text(), output};
}

}  // namespace waitlab
