#include "client/commands/report_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/exit_code.hpp"
#include "client/commands/report_arguments.hpp"
#include "client/commands/whole_file.hpp"
#include "client/record/json_place.hpp"
#include "client/report/html_report.hpp"
#include "common/config/jsonc.hpp"

#include <fmt/format.h>

#include <optional>

namespace waitlab::client {
namespace {

constexpr int schema_version = 2;

Result<ReportSource> read_source(const std::string& path) {
  const auto document = read_jsonc(path);
  if (!document) return document.error();
  std::optional<Failure> failure;
  const JsonPlace root(*document, failure);
  if (!root.has("kind")) root.refuse("is no result of an experiment; give its result.json");
  if (root["schema_version"].number() != schema_version)
    root["schema_version"].refuse(
        fmt::format("only {} can be read; use the waitlab-client that wrote the file", schema_version));
  if (failure) return *failure;
  return ReportSource{.name = path, .text = document->root.dump(1)};
}

int run(const ReportArguments& arguments) {
  std::vector<ReportSource> sources;
  for (const std::string& path : arguments.results) {
    auto source = read_source(path);
    if (!source) return fail(exit_usage, source.error());
    sources.push_back(std::move(*source));
  }
  auto page = WholeFile::open(arguments.out);
  if (!page) return fail(exit_usage, page.error());
  if (auto written = page->write(html_report(sources)); !written) return fail(exit_could_not_run, written.error());
  fmt::print("Report: {}\n", arguments.out.string());
  return exit_good;
}

}  // namespace

int report_command(int argc, char** argv) {
  return run_command_line<ReportArguments>(parse_report_arguments(argc, argv), run);
}

}  // namespace waitlab::client
