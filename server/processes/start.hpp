#pragma once

#include "server/counts/telemetry.hpp"
#include "server/processes/letter.hpp"
#include "server/site/application.hpp"
#include "server/site/site.hpp"

#include <optional>
#include <string>

namespace waitlab::server {

/// What a strategy is built around, as another process has it: the same numbers in the memory that they share, and a
/// backend, endpoints and a scratch file of its own.
class PartsElsewhere {
 public:
  /// The letter that tells another process of the parts. They must be shared between processes.
  static Letter letter_about(const ApplicationParts& parts);

  /// Throws std::exception if it can't be had.
  explicit PartsElsewhere(Letter& letter);

  Site& site() noexcept { return site_; }
  Telemetry& telemetry() noexcept { return telemetry_; }
  ApplicationParts application_parts();

  /// Whether the rows of served requests are wanted.
  bool logs() const noexcept { return told_.logs; }

 private:
  /// What a letter carries as it lies in memory.
  struct Told {
    std::uint64_t site = 0;
    Telemetry::Parts telemetry;
    Timeouts timeouts;
    std::chrono::nanoseconds backend_timeout{0};
    bool logs = false;
    bool has_place = false;
  };

  explicit PartsElsewhere(Letter& letter, Told told);

  Told told_;
  SharedFile file_;
  Tracer tracer_;
  Telemetry telemetry_;
  Site site_;
  std::optional<BackendPlace> place_;
  DelayProfiles profiles_;
};

}  // namespace waitlab::server
