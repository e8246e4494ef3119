#include "client/lessons/lesson_text.hpp"

#include "client/format/machine_form.hpp"
#include "client/format/moment.hpp"
#include "common/json/fields.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr int lesson_schema_version = 1;
constexpr std::array<std::string_view, 6> figure_units{"s", "share", "per_s", "count", "ratio", "bytes"};

std::string paragraph(std::string_view text) {
  return wrap(text, terminal_columns) + "\n";
}

std::string answer_text(const Lesson& lesson, std::string_view key) {
  const auto answer = std::ranges::find(lesson.answers, key, &LessonAnswer::key);
  return answer == lesson.answers.end() ? std::string(key) : fmt::format("{} ({})", key, answer->text);
}

std::string reading_text(const std::optional<Reading>& reading) {
  return reading ? reading->text : "";
}

std::string figures_text(const std::vector<LessonFigure>& figures) {
  using Side = TableColumn::Side;
  TextTable table({{34, Side::left}, {15}, {15}, {15}}, terminal_columns);
  table.add({"", "possible", "likely", "here"});
  for (const LessonFigure& figure : figures)
    table.add({figure.name, reading_text(figure.possible), reading_text(figure.likely), reading_text(figure.here)});
  return table.text() + "\n";
}

std::string prediction_text(const LessonTaken& taken) {
  const std::string found = answer_text(*taken.lesson, taken.outcome.answer);
  const auto right = taken.right();
  if (taken.outcome.answer.empty()) return paragraph("What was seen here allows no answer.");
  if (!right) return paragraph(fmt::format("The answer here: {}.", found));
  if (*right) return paragraph(fmt::format("You predicted {}, and so it was here.", found));
  return paragraph(
      fmt::format("You predicted {}; here it was {}.", answer_text(*taken.lesson, taken.prediction), found));
}

void reading_field(auto& visit, const char* key, const std::optional<Reading>& reading, const char* help) {
  visit.derived(
      key, form::Nullable{form::object}, [&] { return reading; }, help);
}

}  // namespace

std::optional<bool> LessonTaken::right() const {
  if (prediction.empty() || outcome.answer.empty()) return std::nullopt;
  return prediction == outcome.answer;
}

std::string lesson_list_text(std::span<const Lesson* const> lessons) {
  using Side = TableColumn::Side;
  TextTable table({{2, Side::left}, {29, Side::left}, {42, Side::left}, {6}}, terminal_columns);
  for (const Lesson* const lesson : lessons)
    table.add({"", std::string(lesson->name), std::string(lesson->idea), fmt::format("{} s", lesson->takes.count())});
  return table.text();
}

std::string lesson_question_text(const Lesson& lesson) {
  std::string text = fmt::format("{}: {}\n\n", lesson.name, lesson.idea);
  text += paragraph(lesson.introduction);
  text += wrap(lesson.question, terminal_columns);
  const std::size_t widest =
      std::ranges::max(lesson.answers, {}, [](const LessonAnswer& answer) { return answer.key.size(); }).key.size();
  for (const LessonAnswer& answer : lesson.answers) {
    const std::string label = fmt::format("  {:<{}}  ", answer.key, widest);
    text += label + wrap(answer.text, terminal_columns, label.size());
  }
  return text;
}

std::string lesson_outcome_text(const LessonTaken& taken) {
  const Lesson& lesson = *taken.lesson;
  const LessonOutcome& outcome = taken.outcome;
  std::string text = figures_text(outcome.figures) + prediction_text(taken);
  if (!outcome.trace.empty()) text += "What happened:\n" + outcome.trace + "\n";
  if (!outcome.conclusion.empty()) text += paragraph(outcome.conclusion);
  for (const std::string& missing : outcome.missing)
    text += paragraph("Missing here: " + missing);
  text += paragraph(fmt::format("How such a demonstration lies: {}", lesson.how_it_lies));
  text += wrap(fmt::format("Try next: {}", lesson.try_next), terminal_columns);
  text += fmt::format("To read:  docs/lessons/{}.md\n", lesson.name);
  if (!lesson.experiment.empty()) text += fmt::format("At length: waitlab-client experiment {}\n", lesson.experiment);
  return text;
}

void fields(auto& visit, Of<Reading> auto& reading) {
  visit.type("reading");
  visit("value", form::number, reading.value, "In the unit of its figure.");
  visit("text", form::text, reading.text);
}

void fields(auto& visit, Of<LessonFigure> auto& figure) {
  visit("name", form::text, figure.name);
  visit("unit", form::Choice{figure_units}, figure.unit, "Of the values.");
  reading_field(visit, "possible", figure.possible, "Enumerated or computed; null where there is no such figure.");
  reading_field(visit, "likely", figure.likely, "By a random scheduler, or by theory.");
  reading_field(visit, "here", figure.here, "Measured.");
}

void fields(auto& visit, Of<LessonTaken> auto& taken) {
  visit.derived("name", form::text, [&] { return std::string(taken.lesson->name); });
  visit.derived("seconds", form::in_seconds, [&] { return taken.took; });
  visit.derived(
      "prediction", form::text_or_null, [&] { return taken.prediction; }, "Null if none was made.");
  visit.derived(
      "answer", form::text_or_null, [&] { return taken.outcome.answer; },
      "What held here; null if nothing can be said.");
  visit.derived("right", form::Nullable{form::flag}, [&] { return taken.right(); });
  visit.derived("conclusion", form::text, [&] { return taken.outcome.conclusion; });
  visit.derived("figures", form::ListOf{form::object}, [&] { return taken.outcome.figures; });
  visit.derived(
      "missing", form::texts, [&] { return taken.outcome.missing; }, "What could not be done here, and why.");
}

void fields(auto& visit, Of<LessonsTaken> auto& taken) {
  visit.derived("schema_version", form::Constant{lesson_schema_version}, [] { return lesson_schema_version; });
  visit.derived(
      "started_at", form::Moment{}, [&] { return taken.started_at; }, "UTC.");
  visit.derived("seed", form::count, [&] { return taken.seed; });
  visit.derived("quick", form::flag, [&] { return taken.quick; });
  visit.derived("interrupted", form::flag, [&] { return taken.interrupted; });
  visit.derived("machine", form::MachineOfResult{}, [&] { return taken.machine; });
  visit.derived("lessons", form::ListOf{form::object}, [&] { return taken.lessons; });
}

nlohmann::ordered_json to_json(const LessonsTaken& taken) {
  return form::object.write(taken);
}

std::string lesson_schema() {
  return schema_of<LessonsTaken>("Lessons that were taken with waitlab-client lesson");
}

}  // namespace waitlab::client
