#include "client/commands/run_outputs.hpp"

#include "client/engine/request_text.hpp"
#include "client/engine/target.hpp"
#include "client/format/prometheus_text.hpp"
#include "client/format/result_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace waitlab::client {
namespace {

Result<void> open_file(const char* flag, const std::optional<std::string>& path, std::optional<WholeFile>& file) {
  if (!path) return {};
  auto opened = WholeFile::open(*path);
  if (!opened) return Failure{fmt::format("{}: {}", flag, opened.error().message)};
  file.emplace(std::move(*opened));
  return {};
}

std::vector<TargetName> target_names(const LoadOptions& load) {
  std::vector<TargetName> names;
  for (const RequestTemplate& request : request_mix(load, parse_target(load.url).value()))
    names.push_back({request.method, request.path});
  return names;
}

}  // namespace

Result<RunOutputs> RunOutputs::open(const OutputFiles& files) {
  auto json = JsonOutput::open(files.json);
  if (!json) return json.error();
  auto hgrm = HgrmOutput::open(files.hgrm);
  if (!hgrm) return hgrm.error();
  RunOutputs outputs(std::move(*json), std::move(*hgrm));
  if (auto opened = open_file("--csv", files.csv, outputs.csv_file_); !opened) return opened.error();
  if (auto opened = open_file("--hdr-log", files.hdr_log, outputs.hdr_log_file_); !opened) return opened.error();
  if (auto opened = open_file("--prometheus", files.prometheus, outputs.prometheus_); !opened) return opened.error();
  return outputs;
}

void RunOutputs::listen_to(LoadOptions& load) {
  if (csv_file_) {
    csv_ = std::make_unique<RequestCsv>(csv_file_->stream(), load.seed, target_names(load));
    load.on_rows = [this](std::span<const RequestRow> rows) { csv_->add(rows); };
  }
  if (hdr_log_file_) {
    load.on_begin = [this](std::chrono::system_clock::time_point begin) {
      hdr_log_.emplace(std::chrono::floor<std::chrono::milliseconds>(begin));
    };
    load.on_slice = [this](const Slice& slice) { hdr_log_->add(slice); };
  }
}

Result<void> RunOutputs::write(const LoadResult& result) {
  Result<void> outcome;
  const auto note = [&outcome](Result<void> written) {
    if (!written && outcome) outcome = std::move(written);
  };
  note(json_.write(to_json(result)));
  if (csv_file_) note(csv_file_->finish());
  if (hdr_log_file_) note(hdr_log_file_->write(hdr_log_->text()));
  note(hgrm_.write(result.record));
  if (prometheus_) note(prometheus_->write(prometheus_text(result)));
  return outcome;
}

}  // namespace waitlab::client
