#include "client/explorer/schedule_text.hpp"

#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace waitlab::client::explorer {
namespace {

using Cells = std::vector<std::string>;
using Columns = std::vector<TableColumn>;
using Side = TableColumn::Side;

std::string thread_title(unsigned thread) {
  return fmt::format("thread {}", thread_letter(thread));
}

std::string holder_text(int holder) {
  return holder == nobody ? "-" : std::string(1, thread_letter(static_cast<unsigned>(holder)));
}

bool fits_terminal(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (columns_of(line) > terminal_columns) return false;
  }
  return true;
}

/// The run as a table whose threads have a column each, or share one.
class RunTable {
 public:
  RunTable(const GuidedRun& run, bool threads_share_a_column) : run_(run), shared_(threads_share_a_column) {}

  std::string text() const {
    TextTable table(columns(), terminal_columns);
    table.add(titles());
    table.add(line("", 0, "", starting_data()));
    std::size_t number = 0;
    for (const TakenStep& step : run_.trace())
      table.add(line(std::to_string(++number), step.thread, step.text, step.data));
    for (unsigned thread = 0; thread < run_.threads(); ++thread) {
      if (const std::string wait = wait_text(thread); !wait.empty()) table.add(line("", thread, wait, run_.data()));
    }
    return table.text();
  }

 private:
  Columns columns() const {
    constexpr std::size_t data_width = 4;
    const std::size_t threads = shared_ ? 1 : run_.threads();
    const std::size_t data = run_.data().values.size() + run_.data().holders.size();
    Columns columns{{.width = 4, .side = Side::right}, {.width = 2, .side = Side::left}};
    for (std::size_t i = 0; i < threads; ++i)
      columns.push_back({.width = std::min<std::size_t>(24, 60 / threads), .side = Side::left});
    columns.insert(columns.end(), data, {.width = data_width, .side = Side::right});
    return columns;
  }

  Cells titles() const {
    Cells cells{"step", ""};
    for (unsigned thread = 0; !shared_ && thread < run_.threads(); ++thread)
      cells.push_back(thread_title(thread));
    if (shared_) cells.emplace_back("thread");
    for (const SharedVariable& variable : run_.program().variables())
      cells.push_back(variable.name);
    for (const std::string& lock : run_.program().locks())
      cells.push_back(lock);
    return cells;
  }

  Cells line(const std::string& number, unsigned thread, const std::string& text, const SharedData& data) const {
    Cells cells{number, ""};
    if (shared_) {
      cells.push_back(text.empty() ? "" : fmt::format("{}: {}", thread_letter(thread), text));
    } else {
      cells.resize(cells.size() + run_.threads());
      cells[2 + thread] = text;
    }
    for (const Value value : data.values)
      cells.push_back(std::to_string(value));
    for (const int holder : data.holders)
      cells.push_back(holder_text(holder));
    return cells;
  }

  SharedData starting_data() const {
    SharedData data;
    for (const SharedVariable& variable : run_.program().variables())
      data.values.push_back(variable.initial);
    data.holders.assign(run_.program().locks().size(), nobody);
    return data;
  }

  /// Of a run that is over in a deadlock.
  std::string wait_text(unsigned thread) const {
    const std::optional<Outcome> outcome = run_.outcome();
    if (!outcome || outcome->kind != Outcome::Kind::deadlock) return "";
    const std::vector<ListedStep> steps = run_.listing(thread);
    const auto next = std::find_if(steps.begin(), steps.end(),
                                   [](const ListedStep& step) { return step.when == ListedStep::When::next; });
    return next == steps.end() ? "" : "x " + next->text;
  }

  const GuidedRun& run_;
  bool shared_;
};

std::string marked_step(const ListedStep& step, bool can_go_on) {
  if (step.when != ListedStep::When::next) return "  " + step.text;
  return (can_go_on ? "> " : "x ") + step.text;
}

std::string listings_side_by_side(const GuidedRun& run) {
  std::vector<Cells> listings;
  std::size_t longest = 0;
  Columns columns;
  Cells titles;
  for (unsigned thread = 0; thread < run.threads(); ++thread) {
    Cells lines;
    for (const ListedStep& step : run.listing(thread))
      lines.push_back(marked_step(step, run.hindrance(thread).empty()));
    longest = std::max(longest, lines.size());
    listings.push_back(std::move(lines));
    columns.push_back({.width = std::min<std::size_t>(26, terminal_columns / run.threads()), .side = Side::left});
    titles.push_back("  " + thread_title(thread));
  }
  TextTable table(columns, terminal_columns);
  table.add(titles);
  for (std::size_t i = 0; i < longest; ++i) {
    Cells cells;
    for (const Cells& lines : listings)
      cells.push_back(i < lines.size() ? lines[i] : "");
    table.add(cells);
  }
  return table.text();
}

std::string next_steps(const GuidedRun& run) {
  std::string text;
  for (unsigned thread = 0; thread < run.threads(); ++thread) {
    for (const ListedStep& step : run.listing(thread)) {
      if (step.when == ListedStep::When::next)
        text += fmt::format("{}: {}\n", thread_title(thread), marked_step(step, run.hindrance(thread).empty()));
    }
  }
  return text;
}

std::string data_text(const GuidedRun& run) {
  Cells parts;
  for (std::size_t i = 0; i < run.data().values.size(); ++i)
    parts.push_back(fmt::format("{} = {}", run.program().variables()[i].name, run.data().values[i]));
  for (std::size_t i = 0; i < run.data().holders.size(); ++i) {
    const int holder = run.data().holders[i];
    parts.push_back(
        fmt::format("{}: {}", run.program().locks()[i], holder == nobody ? "free" : "held by " + holder_text(holder)));
  }
  return parts.empty() ? "" : wrap(fmt::format("{}", fmt::join(parts, ", ")), terminal_columns);
}

}  // namespace

std::string run_text(const GuidedRun& run) {
  std::string text = RunTable(run, false).text();
  if (!fits_terminal(text)) text = RunTable(run, true).text();
  if (const std::optional<Outcome> outcome = run.outcome())
    text += wrap(outcome->text + (outcome->right ? "" : " (wrong)"), terminal_columns);
  return text;
}

std::string choice_text(const GuidedRun& run) {
  std::string text = listings_side_by_side(run);
  if (!fits_terminal(text)) text = next_steps(run);
  for (unsigned thread = 0; thread < run.threads(); ++thread) {
    if (const std::string why = run.hindrance(thread); !why.empty())
      text += fmt::format("{} cannot run: {}\n", thread_title(thread), why);
  }
  text += data_text(run);
  Cells letters;
  for (const unsigned thread : run.runnable())
    letters.emplace_back(1, thread_letter(thread));
  if (!letters.empty()) return text + fmt::format("can run: {}\n", fmt::join(letters, " "));
  return text + wrap(run.outcome()->text, terminal_columns);
}

}  // namespace waitlab::client::explorer
