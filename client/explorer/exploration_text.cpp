#include "client/explorer/schedule_text.hpp"
#include "common/text/count_text.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client::explorer {
namespace {

using Mode = Exploration::Mode;

std::string share_text(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

/// "counter = 1", "deadlock": who waits for whom is told with the example.
std::string short_outcome(const Outcome& outcome) {
  return outcome.text.substr(0, outcome.text.find(':'));
}

std::string subject_text(const Exploration& exploration) {
  const std::string count = count_text(exploration.schedules());
  switch (exploration.mode) {
    case Mode::random:
      return fmt::format("{}: {} runs of a random scheduler\n", exploration.program, count);
    case Mode::pct:
      return fmt::format("{}: {} runs of PCT\n", exploration.program, count);
    case Mode::all:
      break;
  }
  return fmt::format("{}: {} {} interleavings\n", exploration.program, exploration.complete() ? "all" : "at least",
                     count);
}

std::string outcome_table(const Exploration& exploration) {
  const bool all = exploration.mode == Mode::all;
  TextTable table({{.width = 24, .side = TableColumn::Side::left}, {.width = 20}, {.width = 11}, {.width = 12}},
                  terminal_columns);
  table.add({"outcome", all ? "interleavings" : "runs", "share", all ? "likelihood" : ""});
  for (const OutcomeTally& tally : exploration.outcomes)
    table.add({short_outcome(tally.outcome), count_text(tally.schedules),
               share_text(tally.schedules / exploration.schedules()), all ? share_text(tally.likelihood) : ""},
              tally.outcome.right ? "" : "  wrong");
  return table.text();
}

std::string wrong_text(const Exploration& exploration) {
  const double wrong = exploration.wrong_schedules();
  const double schedules = exploration.schedules();
  std::string text = fmt::format("Wrong: {} of {} ({})", count_text(wrong), count_text(schedules),
                                 share_text(schedules > 0 ? wrong / schedules : 0));
  if (exploration.mode == Mode::all)
    text += fmt::format("; under a random scheduler {}", share_text(exploration.wrong_likelihood()));
  return wrap(text + ".", terminal_columns);
}

std::string reservation_text(const Exploration& exploration) {
  if (exploration.mode != Mode::all) return "Sampled: what was not seen may still happen.\n";
  if (exploration.complete()) return "";
  return wrap(
      fmt::format("Cut off after {} states: the counts are lower bounds, and a random scheduler leaves what was "
                  "explored with probability {}.",
                  count_text(static_cast<double>(exploration.states)), share_text(exploration.unexplored)),
      terminal_columns);
}

}  // namespace

std::string exploration_text(const Exploration& exploration) {
  std::string text =
      subject_text(exploration) + outcome_table(exploration) + wrong_text(exploration) + reservation_text(exploration);
  for (const OutcomeTally& tally : exploration.outcomes) {
    if (tally.outcome.right) continue;
    text += wrap(tally.outcome.text + ", for example by", terminal_columns) + "  " + tally.example + '\n';
  }
  return text;
}

std::string limits_text() {
  constexpr std::string_view text =
      "Not proved by this: it assumes sequential consistency, one memory in which each step takes effect at once and "
      "in the same order for all threads. Compilers and processors reorder plain loads and stores, so real threads can "
      "show outcomes that no interleaving has. Steps are as atomic as drawn: what a real program does in several "
      "pieces has more interleavings. Only these threads, with so many repetitions, were explored. A likelihood is "
      "that of a scheduler that picks uniformly at each step; a real one lets a thread run on for thousands of steps.";
  return wrap(text, terminal_columns);
}

}  // namespace waitlab::client::explorer
