#include "client/commands/json_output.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace waitlab::client {

Result<JsonOutput> JsonOutput::open(const std::optional<std::string>& path) {
  JsonOutput output;
  output.on_stdout_ = path == "-";
  if (!path || output.on_stdout_) return output;
  auto file = WholeFile::open(*path);
  if (!file) return Failure{"--json: " + file.error().message};
  output.file_.emplace(std::move(*file));
  return output;
}

Result<void> JsonOutput::write(const nlohmann::ordered_json& json) {
  if (!on_stdout_ && !file_) return {};
  const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  return file_ ? file_->write(text) : print_text(stdout, text);
}

Result<void> print_text(std::FILE* out, const std::string& text) {
  if (std::fputs(text.c_str(), out) != EOF && std::fflush(out) == 0) return {};
  return Failure{fmt::format("{} cannot be written; is the disk full?", out == stdout ? "stdout" : "stderr")};
}

}  // namespace waitlab::client
