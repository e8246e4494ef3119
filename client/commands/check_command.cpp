#include "client/commands/check_command.hpp"

#include "client/check/check_json.hpp"
#include "client/check/check_run.hpp"
#include "client/check/check_text.hpp"
#include "client/commands/check_arguments.hpp"
#include "client/commands/check_subjects.hpp"
#include "client/commands/command_line.hpp"
#include "client/commands/fail.hpp"
#include "client/commands/json_output.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>

namespace waitlab::client {
namespace {

using Clock = std::chrono::steady_clock;

/// Shows how far simulating is, once it takes long enough to wonder. On a terminal only.
class SimulationLine {
 public:
  ~SimulationLine() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
  }

  void show(std::size_t done, std::size_t of) {
    const auto now = Clock::now();
    if (!terminal_ || now - began_ < patience || now - shown_at_ < interval) return;
    shown_ = true;
    shown_at_ = now;
    fmt::print(stderr, "\rsimulating honest runs: {} of {}", done, of);
  }

 private:
  static constexpr std::chrono::seconds patience{2};
  static constexpr std::chrono::milliseconds interval{200};

  const bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point shown_at_;
  bool shown_ = false;
};

std::vector<CheckReport> check_runs(const std::vector<CheckSubject>& subjects) {
  SimulationLine line;
  SimulationPlan plan = plan_simulation(subjects.size());
  plan.progress = [&line](std::size_t done, std::size_t of) { line.show(done, of); };
  std::vector<CheckReport> reports;
  for (const CheckSubject& subject : subjects)
    reports.push_back(check_run(subject, plan));
  return reports;
}

std::string text_of(const std::vector<CheckReport>& reports) {
  if (reports.empty()) return "The results have no runs: there is nothing to check.\n";
  std::vector<std::string> texts;
  std::transform(reports.begin(), reports.end(), std::back_inserter(texts), check_text);
  return fmt::format("{}", fmt::join(texts, "\n"));
}

ExitCode exit_code_of(const std::vector<CheckReport>& reports, const std::vector<CheckSubject>& subjects) {
  const auto any = [&](FindingVerdict verdict) {
    return std::any_of(reports.begin(), reports.end(), [&](const auto& report) { return report.verdict() == verdict; });
  };
  const bool valid = std::all_of(subjects.begin(), subjects.end(), [](const auto& one) { return one.load.valid(); });
  if (!valid) return exit_invalid_run;
  if (any(FindingVerdict::differs)) return exit_theory_differs;
  return any(FindingVerdict::agrees) ? exit_good : exit_invalid_run;
}

int run(const CheckArguments& arguments) {
  auto output = JsonOutput::open(arguments.json_file);
  if (!output) return fail(exit_usage, output.error());
  const auto subjects = read_check_subjects(arguments);
  if (!subjects) return fail(exit_usage, subjects.error());
  const std::vector<CheckReport> reports = check_runs(*subjects);
  if (auto written = output->write(check_json(reports)); !written) return fail(exit_could_not_run, written.error());
  if (auto printed = print_text(output->text_stream(), text_of(reports)); !printed)
    return fail(exit_could_not_run, printed.error());
  return exit_code_of(reports, *subjects);
}

}  // namespace

int check_command(int argc, char** argv) {
  return run_command_line<CheckArguments>(parse_check_arguments(argc, argv), run);
}

}  // namespace waitlab::client
