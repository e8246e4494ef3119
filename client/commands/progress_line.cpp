#include "client/commands/progress_line.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <cstdio>

namespace waitlab::client {
namespace {

constexpr std::chrono::nanoseconds line_interval = std::chrono::seconds(1);
constexpr const char* erase_line = "\r\x1b[K";

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string line(const LoadProgress& progress, double rate) {
  const std::string planned = progress.planned ? fmt::format("/{:.0f}", seconds(*progress.planned)) : "";
  return fmt::format("{:<9} {:5.1f}{} s  {} completed  {:.0f}/s  {} in flight  {} errors", progress.phase_name(),
                     seconds(progress.elapsed), planned, progress.completed, rate, progress.in_flight, progress.errors);
}

}  // namespace

ProgressLine::ProgressLine() : on_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (on_terminal_) fmt::print(stderr, "{}", erase_line);
}

void ProgressLine::show(const LoadProgress& progress) {
  const bool second_over = progress.elapsed - last_.elapsed >= line_interval;
  if (second_over) {
    rate_ = static_cast<double>(progress.completed - last_.completed) / seconds(progress.elapsed - last_.elapsed);
    last_ = progress;
  }
  if (on_terminal_) {
    fmt::print(stderr, "{}{}", erase_line, line(progress, rate_));
  } else if (second_over) {
    fmt::print(stderr, "{}\n", line(progress, rate_));
  }
}

}  // namespace waitlab::client
