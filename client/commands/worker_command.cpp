#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/load_flags.hpp"
#include "client/fleet/admission.hpp"
#include "client/fleet/worker.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/standard_streams.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <unistd.h>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace waitlab::client {
namespace {

constexpr const char* worker_footer = R"(What load it makes, the collector says. It is tried for as long as --wait says,
so workers may be started first. Files that the load names, such as --ca-file,
are read where the worker runs.

Example:
  waitlab-client worker --collector 127.0.0.1:7411 --name w1

Exit codes: 0 its part was made and is valid; 1 no collector, or it was lost, or
the load could not begin; 2 wrong usage, or refused; 3 its part is INVALID.)";

std::string default_name() {
  if (const char* const name = std::getenv("WAITLAB_WORKER"); name != nullptr && *name != '\0') return name;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {'h', 'o', 's', 't'};
  return fmt::format("{:.50}-{}", host.data(), ::getpid());
}

Result<std::variant<fleet::WorkerOptions, HelpText>> parse_worker_arguments(int argc, const char* const* argv) {
  fleet::WorkerOptions options;
  std::string wait = "60s";
  std::string token_file;
  CLI::App app("Makes its part of the load of a collector.", "waitlab-client worker");
  app.footer(worker_footer);
  app.add_option("--collector", options.collector, "Where the collector listens")->required()->type_name("HOST:PORT");
  app.add_option("--name", options.name, "Its name, which no other has (WAITLAB_WORKER, or HOST-PID)")
      ->type_name("NAME");
  app.add_option("--token-file", token_file, "File with the collector's token (or WAITLAB_TOKEN)")->type_name("FILE");
  app.add_option("--wait", wait, "How long to try to reach the collector")
      ->capture_default_str()
      ->type_name("DURATION");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  if (const auto address = parse_host_port(options.collector); !address)
    return Failure{"--collector: " + address.error().message};
  const auto patience = read_duration_flag("--wait", wait);
  if (!patience) return patience.error();
  options.wait = *patience;
  const auto token = fleet::read_token(token_file);
  if (!token) return token.error();
  options.token = token->value_or("");
  if (options.name.empty()) options.name = default_name();
  return options;
}

ExitCode exit_code_of(fleet::WorkerEnd end) {
  switch (end) {
    case fleet::WorkerEnd::good:
      return exit_good;
    case fleet::WorkerEnd::invalid:
      return exit_invalid_run;
    case fleet::WorkerEnd::refused:
      return exit_usage;
    case fleet::WorkerEnd::failed:
      break;
  }
  return exit_could_not_run;
}

int work(const fleet::WorkerOptions& arguments) {
  const Interrupt interrupt;
  fleet::WorkerOptions options = arguments;
  options.stop = interrupt.token();
  options.say = [](const std::string& line) { say(line + "\n"); };
  const fleet::WorkerOutcome outcome = fleet::work(options);
  const ExitCode code = exit_code_of(outcome.end);
  return code == exit_good ? code : fail(code, Failure{outcome.why});
}

}  // namespace

int worker_command(int argc, char** argv) {
  return run_command_line<fleet::WorkerOptions>(parse_worker_arguments(argc, argv), work);
}

}  // namespace waitlab::client
