#include "client/experiment/running_target.hpp"

#include "client/experiment/server_target.hpp"

namespace waitlab::client {

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
