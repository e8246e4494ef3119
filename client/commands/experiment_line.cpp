#include "client/commands/experiment_line.hpp"

#include "client/commands/plan_text.hpp"
#include "client/commands/terminal.hpp"
#include "client/report/figure_text.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace waitlab::client {
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

ExperimentLine::ExperimentLine() : on_terminal_(::isatty(STDERR_FILENO) == 1) {}

ExperimentLine::~ExperimentLine() {
  if (on_terminal_) say(erase_line);
}

void ExperimentLine::show(const ExperimentProgress& progress) {
  if (on_terminal_) {
    say(fmt::format("{}{}, {}, {}", erase_line, where(progress), progress.doing, time_left(progress)));
  } else if (progress.run != run_shown_) {
    say(fmt::format("{}, {}\n", where(progress), time_left(progress)));
  }
  run_shown_ = progress.run;
}

void ExperimentLine::tell(const std::string& message) {
  say(fmt::format("{}{}\n", on_terminal_ ? erase_line : "", message));
}

}  // namespace waitlab::client
