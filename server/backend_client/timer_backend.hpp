#pragma once

#include "common/delay/delay_profile.hpp"
#include "server/backend_client/backend.hpp"

#include <utility>

namespace waitlab::server {

/// No backend and no network: the wait is a sleep or a timer, as long as the profile's draw. For seeing what the
/// waiting alone costs.
class TimerBackend final : public Backend {
 public:
  explicit TimerBackend(DelayProfile profile) : profile_(std::move(profile)) {}

  Task<BackendReply> call(Io& io, const BackendCall& call) override;

 private:
  DelayProfile profile_;
};

}  // namespace waitlab::server
