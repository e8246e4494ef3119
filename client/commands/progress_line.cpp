#include "client/commands/progress_line.hpp"

#include "client/commands/plan_text.hpp"
#include "client/commands/terminal.hpp"
#include "client/report/figure_text.hpp"
#include "client/stats/time_text.hpp"
#include "common/clock/seconds.hpp"
#include "common/process/standard_streams.hpp"

#include <fmt/format.h>

#include <chrono>

namespace waitlab::client {

bool RunRate::renew(const LoadProgress& progress) {
  const std::chrono::duration<double> since = progress.elapsed - elapsed_;
  if (since < std::chrono::seconds(1)) return false;
  per_second_ = static_cast<double>(progress.completed - completed_) / since.count();
  elapsed_ = progress.elapsed;
  completed_ = progress.completed;
  return true;
}

std::string rate_text(const std::optional<double>& per_second) {
  return per_second ? fmt::format("{:.0f}/s", *per_second) : "-";
}

std::string progress_line(const LoadProgress& progress, const std::optional<double>& per_second) {
  const std::string planned = progress.planned ? fmt::format("/{:.0f}", seconds(*progress.planned)) : "";
  std::string line =
      fmt::format("{:<9} {:5.1f}{} s  {}  {} in flight  {} errors", progress.phase_name(), seconds(progress.elapsed),
                  planned, rate_text(per_second), progress.in_flight, progress.errors);
  if (progress.so_far) {
    each_quantile(Room::little, [&](const Quantile& quantile, std::size_t) {
      line += fmt::format("  {} {}", quantile.label, short_time(percentile(*progress.so_far, quantile.share)));
    });
  }
  return line;
}

void ProgressLine::show(const LoadProgress& progress) {
  if (rate_.renew(progress)) say(progress_line(progress, rate_.per_second()) + "\n");
}

namespace {

std::string where(const ExperimentProgress& progress) {
  const std::string repeat =
      progress.repeats == 1 ? "" : fmt::format(", repeat {} of {}", progress.repeat, progress.repeats);
  return fmt::format("[{}/{}] {} at {}{}", progress.run, progress.runs, progress.target, format_level(progress.level),
                     repeat);
}

std::string time_left(const ExperimentProgress& progress) {
  return fmt::format("about {} left", rough_time(progress.left));
}

}  // namespace

ExperimentLine::ExperimentLine() : redraws_(stderr_can_redraw()) {}

ExperimentLine::~ExperimentLine() {
  if (redraws_) say(erase_line);
}

void ExperimentLine::show(const ExperimentProgress& progress) {
  if (redraws_) {
    say(fmt::format("{}{}, {}, {}", erase_line, where(progress), progress.doing, time_left(progress)));
  } else if (progress.run != run_shown_) {
    say(fmt::format("{}, {}\n", where(progress), time_left(progress)));
  }
  run_shown_ = progress.run;
}

void ExperimentLine::tell(const std::string& message) {
  say(fmt::format("{}{}\n", redraws_ ? erase_line : "", message));
}

}  // namespace waitlab::client
