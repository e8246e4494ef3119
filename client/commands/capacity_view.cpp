#include "client/commands/capacity_view.hpp"

#include "client/commands/detour_warning.hpp"
#include "client/commands/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

double seconds_left(const LoadProgress& progress) {
  const auto left = progress.planned.value_or(progress.elapsed) - progress.elapsed;
  return std::max(0.0, std::ceil(std::chrono::duration<double>(left).count()));
}

}  // namespace

std::string probe_progress(double rate, const LoadProgress& progress) {
  const std::string doing = fmt::format("probing {}: {}", probe_rate_text(rate), progress.phase_name());
  if (progress.phase == LoadProgress::Phase::draining) return doing;
  return fmt::format("{}, {:.0f} s left", doing, seconds_left(progress));
}

CapacityView::CapacityView(std::FILE* out) : out_(out), redraws_(stderr_can_redraw()) {}

SearchEvents CapacityView::events() {
  return {
      .on_detour = warn_of_detour,
      .on_begin = [this](const CapacityResult& begun) { print(begin_text(begun)); },
      .on_progress = [this](double rate, const LoadProgress& progress) { show_now(probe_progress(rate, progress)); },
      .on_rest = [this] { show_now("letting the server come to rest"); },
      .on_probe = [this](const Probe& probe) { print(probe_text(probe)); }};
}

void CapacityView::print(const std::string& text) {
  show_now("");
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

void CapacityView::show_now(const std::string& line) {
  if (redraws_) say(erase_line + line);
}

}  // namespace waitlab::client
