#include "client/commands/hgrm_output.hpp"

#include "client/format/hgrm_text.hpp"

#include <filesystem>
#include <utility>

namespace waitlab::client {

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
