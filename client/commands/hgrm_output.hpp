#pragma once

#include "client/commands/whole_file.hpp"
#include "client/record/load_record.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

/// Where a command's `--hgrm FILE` goes: response times to FILE, service times beside it, to FILE with `.service`
/// before its ending ("run.hgrm" and "run.service.hgrm").
class HgrmOutput {
 public:
  /// Nothing is written without a path. Opened before the work, so that a path that can't be written costs no time.
  static Result<HgrmOutput> open(const std::optional<std::string>& path);

  /// Once.
  Result<void> write(const LoadRecord& record);

 private:
  HgrmOutput() = default;

  std::optional<WholeFile> response_time_;
  std::optional<WholeFile> service_time_;
};

}  // namespace waitlab::client
