#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/run_arguments.hpp"
#include "client/commands/run_session.hpp"
#include "client/engine/load_run.hpp"

namespace waitlab::client {
namespace {

int run(const RunArguments& arguments) {
  return make_runs(arguments, run_load);
}

}  // namespace

int run_command(int argc, char** argv) {
  return run_command_line<RunArguments>(parse_run_arguments(argc, argv), run);
}

}  // namespace waitlab::client
