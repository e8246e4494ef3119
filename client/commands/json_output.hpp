#pragma once

#include "client/commands/whole_file.hpp"
#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdio>
#include <optional>
#include <string>

namespace waitlab::client {

/// Where a command's `--json FILE|-` goes. With `-` the JSON has stdout for itself, and people read stderr.
class JsonOutput {
 public:
  /// Nothing is written without a path. Opened before the work, so that a path that can't be written costs no time.
  static Result<JsonOutput> open(const std::optional<std::string>& path);

  /// Where the text for people goes.
  std::FILE* text_stream() const { return on_stdout_ ? stderr : stdout; }

  /// Once. Bytes that are not UTF-8, which a command line may hold, are replaced.
  Result<void> write(const nlohmann::ordered_json& json);

 private:
  JsonOutput() = default;

  bool on_stdout_ = false;
  std::optional<WholeFile> file_;
};

/// Writes the text out at once. Failure if not all of it could be.
Result<void> print_text(std::FILE* out, const std::string& text);

}  // namespace waitlab::client
