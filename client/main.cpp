#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/schemas.hpp"
#include "common/process/standard_streams.hpp"
#include "common/result.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>
#include <vector>

namespace {

namespace client = waitlab::client;

struct Command {
  std::string_view name;
  std::string_view purpose;
  int (*run)(int argc, char** argv);
};

constexpr std::array commands{
    Command{"run", "load a server and report response times", client::run_command},
    Command{"capacity", "find the highest rate that meets the thresholds", client::capacity_command},
    Command{"advise", "say which strategy and size a load needs", client::advise_command},
    Command{"experiment", "compare servers under the same load and the same slow backend", client::experiment_command},
    Command{"lesson", "predict, see and measure an idea about threads", client::lesson_command},
    Command{"report", "render the report of an experiment", client::report_command},
    Command{"check", "check results against queueing theory", client::check_command},
    Command{"compare", "compare the results of runs", client::compare_command},
    Command{"merge", "merge the results of runs into one, exactly", client::merge_command},
    Command{"collector", "load a server with many workers, and report it as one", client::collector_command},
    Command{"worker", "make a part of a collector's load", client::worker_command},
};

void print_help(std::FILE* stream) {
  fmt::print(stream, "Usage: waitlab-client COMMAND …\n\nCommands:\n");
  for (const Command& command : commands)
    fmt::print(stream, "  {:<12}{}\n", command.name, command.purpose);
  fmt::print(stream,
             "\nwaitlab-client COMMAND --help describes a command; waitlab-client --version prints\nthe version.\n");
}

int unknown_command(std::string_view name) {
  std::vector<std::string> names;
  for (const Command& command : commands)
    names.emplace_back(command.name);
  const auto nearest = waitlab::nearest_name(name, names);
  fmt::print(stderr, "waitlab-client: no command '{}'{}; see waitlab-client --help\n", name,
             nearest ? fmt::format(", did you mean '{}'?", *nearest) : "");
  return client::exit_usage;
}

int print_schema(std::string_view name) {
  for (const client::PublishedSchema& schema : client::published_schemas()) {
    if (schema.name != name) continue;
    fmt::print("{}", schema.text());
    return client::exit_good;
  }
  fmt::print(stderr, "waitlab-client: --print-schema wants one of:");
  for (const client::PublishedSchema& schema : client::published_schemas())
    fmt::print(stderr, " {}", schema.name);
  fmt::print(stderr, "\n");
  return client::exit_usage;
}

int run_main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version") {
    fmt::print("waitlab-client {}\n", WAITLAB_VERSION);
    return client::exit_good;
  }
  if (first == "--print-schema") return print_schema(argc > 2 ? argv[2] : "");
  if (first.empty() || first == "--help" || first == "-h") {
    print_help(first.empty() ? stderr : stdout);
    return first.empty() ? client::exit_usage : client::exit_good;
  }
  const auto* command = std::find_if(commands.begin(), commands.end(), [first](auto& c) { return c.name == first; });
  if (command == commands.end()) return unknown_command(first);
  return command->run(argc - 1, argv + 1);
}

/// What a command printed and did not see to itself, such as its help, is written by now; what was not is no success.
int with_stdout_written(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  if (code != client::exit_good) return code;
  return client::fail(client::exit_could_not_run, {fmt::format("stdout cannot be written: {}", std::strerror(errno))});
}

}  // namespace

int main(int argc, char** argv) {
  waitlab::prepare_standard_streams();
  try {
    return with_stdout_written(run_main(argc, argv));
  } catch (const std::exception& error) {
    waitlab::say(fmt::format("waitlab-client: {}\n", error.what()));
    return client::exit_could_not_run;
  }
}
