#pragma once

#include "client/commands/output_file.hpp"
#include "client/commands/run_arguments.hpp"
#include "client/format/hdr_log.hpp"
#include "client/format/request_csv.hpp"
#include "client/record/load_result.hpp"
#include "common/result.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

namespace waitlab::client {

/// The files a run writes. All are opened before it, so that a path that can't be written costs no time.
class RunOutputs {
 public:
  /// Failure names the flag and the file.
  static Result<RunOutputs> open(const OutputFiles& files);

  /// Where the text for people goes.
  std::FILE* text_stream() const { return json_.text_stream(); }

  /// Lets the run tell what the files need while it lasts. This must outlive the run and stay where it is.
  void listen_to(LoadOptions& load);
  /// Writes what was found. Failure when a file could not be written; the others still were.
  Result<void> write(const LoadResult& result);

 private:
  RunOutputs(JsonOutput json, HgrmOutput hgrm) : json_(std::move(json)), hgrm_(std::move(hgrm)) {}

  JsonOutput json_;
  HgrmOutput hgrm_;
  std::optional<WholeFile> csv_file_, hdr_log_file_, prometheus_;
  std::unique_ptr<RequestCsv> csv_;
  std::optional<HdrLog> hdr_log_;
};

}  // namespace waitlab::client
