#include "client/explorer/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace waitlab::client::explorer {
namespace {

/// The thread of this letter, or nothing if the program has none.
std::optional<unsigned> thread_of_letter(const GuidedRun& run, char letter) {
  for (unsigned thread = 0; thread < run.threads(); ++thread) {
    if (thread_letter(thread) == letter) return thread;
  }
  return std::nullopt;
}

Failure bad_schedule(std::string_view schedule, std::size_t place, const std::string& why) {
  return {{fmt::format("schedule \"{}\", place {}: {}", schedule, place + 1, why)}};
}

}  // namespace

GuidedRun::GuidedRun(Program program)
    : machine_(std::make_shared<Machine>(std::move(program))), state_(machine_->start()) {}

std::string GuidedRun::hindrance(unsigned thread) const {
  if (machine_->can_step(state_, thread)) return "";
  const Step* step = machine_->next(state_, thread);
  if (step == nullptr) return "it has finished";
  if (const auto end = outcome(); end && end->kind == Outcome::Kind::step_limit)
    return fmt::format("the run was cut off after {} steps", state_.steps);
  return fmt::format("it waits for {}, which thread {} holds", program().locks()[step->object],
                     thread_letter(static_cast<unsigned>(state_.data.holders[step->object])));
}

std::vector<ListedStep> GuidedRun::listing(unsigned thread) const {
  std::vector<ListedStep> lines;
  for (const TakenStep& taken : trace_) {
    if (taken.thread == thread) lines.push_back({.when = ListedStep::When::taken, .text = taken.text});
  }
  const std::vector<Step> ahead = machine_->ahead(state_, thread, listed_ahead);
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    if (i == 0)
      lines.push_back({.when = ListedStep::When::next, .text = step_text(program(), ahead[i])});
    else
      lines.push_back({.when = ListedStep::When::later, .text = step_name(program(), ahead[i])});
  }
  return lines;
}

void GuidedRun::step(unsigned thread) {
  if (thread >= threads() || !machine_->can_step(state_, thread))
    throw std::logic_error("a thread was to run that cannot");
  const Step& step = *machine_->next(state_, thread);
  const Value result = machine_->step(state_, thread);
  schedule_ += thread_letter(thread);
  trace_.push_back({.thread = thread, .text = taken_text(program(), step, result), .data = state_.data});
}

Result<GuidedRun> replay(const Program& program, std::string_view schedule) {
  GuidedRun run(program);
  for (std::size_t place = 0; place < schedule.size(); ++place) {
    const char letter = schedule[place];
    const std::optional<unsigned> thread = thread_of_letter(run, letter);
    if (!thread)
      return bad_schedule(
          schedule, place,
          fmt::format("there is no thread '{}', only 0 to {}", letter, thread_letter(run.threads() - 1)));
    if (const std::string why = run.hindrance(*thread); !why.empty())
      return bad_schedule(schedule, place, fmt::format("thread {} cannot run: {}", letter, why));
    run.step(*thread);
  }
  return run;
}

}  // namespace waitlab::client::explorer
