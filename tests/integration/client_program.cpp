#include "tests/integration/client_program.hpp"

#include "tests/support/patience.hpp"
#include "tests/support/temporary_file.hpp"

namespace waitlab {
namespace {}  // namespace

ChildProcess start_client(std::vector<std::string> arguments, const std::string& stderr_file) {
  arguments.insert(arguments.begin(), WAITLAB_BIN_DIR "/waitlab-client");
  return ChildProcess::start({.command = std::move(arguments), .cpus = {}, .stderr_file = stderr_file}).value();
}

Outcome finish(ChildProcess& client) {
  Outcome outcome;
  while (const auto line = client.read_line(patience))
    outcome.output += *line + '\n';
  outcome.exit_code = client.wait(patience).value_or(-1);
  return outcome;
}

Outcome run_client(std::vector<std::string> arguments) {
  const TemporaryFile errors(".err");
  ChildProcess client = start_client(std::move(arguments), errors.path());
  Outcome outcome = finish(client);
  outcome.errors = errors.text();
  return outcome;
}

}  // namespace waitlab
