#include "client/commands/output_file.hpp"

#include "client/format/hdr_files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>
#include <filesystem>
#include <utility>

namespace waitlab::client {

namespace fs = std::filesystem;

Result<WholeFile> WholeFile::open(const std::string& path) {
  if (path == "-") return Failure{"'-' is no file, and only --json can go to stdout; give a path"};
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  const bool exists = type != fs::file_type::not_found;
  WholeFile file;
  file.target_ = type == fs::file_type::regular ? fs::canonical(path, error) : fs::path(path);
  if (!exists || type == fs::file_type::regular) file.partial_ = file.target_.string() + ".partial";
  const bool refused = exists && ::access(path.c_str(), W_OK) != 0;
  if (!refused) file.stream_.open(file.partial_.empty() ? file.target_ : file.partial_);
  if (file.stream_.is_open()) return file;
  file.partial_.clear();
  return Failure{fmt::format("'{}' cannot be written; give a writable path", path)};
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : target_(std::move(other.target_)),
      partial_(std::exchange(other.partial_, {})),
      stream_(std::move(other.stream_)) {}

WholeFile::~WholeFile() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove(partial_, ignored);
}

Result<void> WholeFile::write(std::string_view text) {
  stream_ << text;
  return finish();
}

Result<void> WholeFile::finish() {
  stream_.close();
  std::error_code error;
  if (stream_ && !partial_.empty()) fs::rename(partial_, target_, error);
  if (!stream_ || error) {
    return Failure{fmt::format("writing '{}' failed; is the disk full?", target_.string())};
  }
  partial_.clear();
  return {};
}

Result<void> write_whole_file(const std::string& path, std::string_view text) {
  auto file = WholeFile::open(path);
  return file ? file->write(text) : file.error();
}

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

Result<HgrmOutput> HgrmOutput::open(const std::optional<std::string>& path) {
  HgrmOutput output;
  if (!path) return output;
  std::filesystem::path beside(*path);
  beside.replace_extension(".service" + beside.extension().string());
  auto response_time = WholeFile::open(*path);
  if (!response_time) return Failure{"--hgrm: " + response_time.error().message};
  auto service_time = WholeFile::open(beside.string());
  if (!service_time) return Failure{"--hgrm: " + service_time.error().message};
  output.response_time_.emplace(std::move(*response_time));
  output.service_time_.emplace(std::move(*service_time));
  return output;
}

Result<void> HgrmOutput::write(const LoadRecord& record) {
  if (!response_time_) return {};
  if (auto written = response_time_->write(hgrm_text(record.response_time)); !written) return written;
  return service_time_->write(hgrm_text(record.service_time));
}

}  // namespace waitlab::client
