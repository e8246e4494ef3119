#include "tests/integration/running_backend.hpp"

#include "tests/support/patience.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>

namespace waitlab {

const std::string backend_program = WAITLAB_BIN_DIR "/waitlab-backend";

namespace {

std::vector<std::string> with_settings(std::vector<std::string> command, const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    command.emplace_back("--set");
    command.push_back(setting);
  }
  return command;
}

}  // namespace

std::vector<LoggedHold> read_log(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome");
  std::vector<LoggedHold> holds;
  while (std::getline(file, line)) {
    std::ranges::replace(line, ',', ' ');
    LoggedHold hold;
    std::istringstream(line) >> hold.request_id >> hold.route >> hold.arrival_ns >> hold.drawn_ns >> hold.queued_ns >>
        hold.held_ns >> hold.outcome;
    holds.push_back(hold);
  }
  return holds;
}

bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition())
    if (std::chrono::steady_clock::now() > end) return false;
  return true;
}

void BackendTest::start(const std::vector<std::string>& settings, std::vector<std::string> command) {
  auto started =
      ChildProcess::start({.command = with_settings(with_settings(std::move(command), {"listen.port=0"}), settings)});
  ASSERT_TRUE(started) << started.error().message;
  backend_.emplace(std::move(*started));
  ready_line_ = backend_->read_line(patience).value();
  const std::size_t colon = ready_line_.find(':');
  ASSERT_NE(colon, std::string::npos) << ready_line_;
  port_ = static_cast<std::uint16_t>(std::stoul(ready_line_.substr(colon + 1)));
}

std::uint64_t BackendTest::status(const std::string& name) const {
  const std::string body = connect().get("/status").body;
  return std::stoull(body.substr(body.find("\"" + name + "\":") + name.size() + 3));
}

void BackendTest::await_status(const std::string& name, std::uint64_t value) const {
  EXPECT_TRUE(comes_true([&] { return status(name) == value; })) << name;
}

std::vector<LoggedHold> BackendTest::stop_and_read_log() {
  backend_->signal(SIGTERM);
  EXPECT_EQ(backend_->wait(patience), 0);
  return read_log(log_.path());
}

std::pair<std::optional<int>, std::string> failed_start(const std::vector<std::string>& settings) {
  const TemporaryFile errors(".txt");
  auto started = ChildProcess::start(
      {.command = with_settings({backend_program}, settings), .cpus = {}, .stderr_file = errors.path()});
  if (!started) return {std::nullopt, started.error().message};
  const auto exit_code = started->wait(patience);
  return {exit_code, errors.text()};
}

}  // namespace waitlab
