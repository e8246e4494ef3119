#include "client/experiment/running_target.hpp"

#include "client/experiment/server_target.hpp"

#include <fmt/format.h>

namespace waitlab::client {

Result<Programs> find_programs(const std::filesystem::path& folder) {
  const Programs programs{.server = folder / "waitlab-server", .backend = folder / "waitlab-backend"};
  for (const std::filesystem::path& program : {programs.server, programs.backend}) {
    if (!std::filesystem::is_regular_file(program)) {
      return Failure{
          fmt::format("{} is missing; build it, or give the folder of the programs with --bin", program.string())};
    }
  }
  return programs;
}

Result<std::unique_ptr<RunningTarget>> start_target(const Programs& programs, const ExperimentTarget& target,
                                                    const TargetEnvironment& environment, const std::stop_token& stop) {
  switch (target.kind) {
    case TargetKind::server:
      return ServerTarget::start(programs, target, environment, stop);
    case TargetKind::command:
      return start_command(target, environment, stop);
    case TargetKind::url:
      break;
  }
  return find_url(target, environment, stop);
}

}  // namespace waitlab::client
