#include "client/commands/lesson_play.hpp"

#include "client/explorer/exploration.hpp"
#include "client/explorer/schedule_text.hpp"
#include "common/text/count_text.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using explorer::GuidedRun;

constexpr char step_back = 'u';
constexpr char leave = 'q';

std::string letters_of(const std::vector<unsigned>& threads) {
  std::vector<std::string> letters;
  for (const unsigned thread : threads)
    letters.emplace_back(1, explorer::thread_letter(thread));
  return fmt::format("{}", fmt::join(letters, " "));
}

std::string printable(std::string_view typed) {
  std::string text;
  for (const char letter : typed)
    text += letter >= ' ' && letter <= '~' ? letter : '?';
  return text;
}

/// A run with the way to it, which can be gone back.
class Play {
 public:
  explicit Play(GuidedRun run) : runs_{std::move(run)} {}

  const GuidedRun& run() const { return runs_.back(); }
  bool over() const { return left_ || run().outcome().has_value(); }

  /// Does what the letter asks for; says why if it cannot be done.
  std::optional<std::string> follow(char letter) {
    if (letter == leave) {
      left_ = true;
      return std::nullopt;
    }
    if (letter == step_back) return go_back();
    for (unsigned thread = 0; thread < run().threads(); ++thread) {
      if (explorer::thread_letter(thread) == letter) return go_on(thread);
    }
    return fmt::format("'{}' is no thread; type {}, {} for a step back, or {} to stop", printable({&letter, 1}),
                       letters_of(run().runnable()), step_back, leave);
  }

 private:
  std::optional<std::string> go_back() {
    if (runs_.size() == 1) return "no step was taken yet";
    runs_.pop_back();
    return std::nullopt;
  }

  std::optional<std::string> go_on(unsigned thread) {
    if (const std::string why = run().hindrance(thread); !why.empty())
      return fmt::format("thread {} cannot run: {}", explorer::thread_letter(thread), why);
    runs_.push_back(run());
    runs_.back().step(thread);
    return std::nullopt;
  }

  std::vector<GuidedRun> runs_;  ///< from the first to the one that is played; a copy is a run of its own
  bool left_ = false;
};

/// Follows the letters of a line; says what stopped it.
std::string follow_line(Play& game, const std::string& line) {
  for (const char letter : line) {
    if (letter == ' ' || letter == '\t') continue;
    if (const auto why = game.follow(letter)) return wrap(*why, terminal_columns);
    if (game.over()) break;
  }
  return "";
}

/// How many of all schedules end like this one.
std::string company_text(const GuidedRun& run, const explorer::Outcome& outcome) {
  const explorer::Exploration all = explorer::explore_all(run.program());
  const auto same = std::find_if(all.outcomes.begin(), all.outcomes.end(), [&](const explorer::OutcomeTally& tally) {
    return tally.outcome.kind == outcome.kind && tally.outcome.text == outcome.text;
  });
  if (same == all.outcomes.end()) return "";
  return fmt::format("{}{} of {} schedules end{} like this one; a random scheduler does in {:.3g} % of its runs.",
                     all.complete() ? "" : "At least ", count_text(same->schedules), count_text(all.schedules()),
                     same->schedules == 1 ? "s" : "", same->likelihood * 100);
}

std::string not_over_text(const GuidedRun& run) {
  return run.outcome() ? "" : fmt::format("not over: {} can run\n", letters_of(run.runnable()));
}

}  // namespace

Result<GuidedRun> play(GuidedRun run, const PlayScreen& screen) {
  Play game(std::move(run));
  std::string complaint;
  while (!game.over()) {
    std::string text = complaint.empty() ? "\n" + explorer::choice_text(game.run()) : complaint;
    text += fmt::format("next thread ({}; {}: a step back, {}: stop): ", letters_of(game.run().runnable()), step_back,
                        leave);
    if (auto shown = screen.show(text); !shown) return shown.error();
    std::string line;
    const bool there_is_more = static_cast<bool>(std::getline(screen.typed, line));
    if (!screen.echoes || !there_is_more) {
      if (auto shown = screen.show(printable(line) + "\n"); !shown) return shown.error();
    }
    if (!there_is_more) break;
    complaint = follow_line(game, line);
  }
  return game.run();
}

std::string replayed_text(const GuidedRun& run) {
  return explorer::run_text(run) + not_over_text(run);
}

std::string played_text(const GuidedRun& run, std::string_view lesson) {
  std::string text = "\n" + replayed_text(run);
  if (const auto outcome = run.outcome()) text += "\n" + wrap(company_text(run, *outcome), terminal_columns);
  if (!run.schedule().empty())
    text += fmt::format("Again: waitlab-client lesson {} --replay {}\n", lesson, run.schedule());
  return text;
}

}  // namespace waitlab::client
