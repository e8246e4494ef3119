#pragma once

#include "client/lessons/lesson.hpp"
#include "common/process/machine.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace waitlab::client {

/// A lesson that was taken.
struct LessonTaken {
  const Lesson* lesson = nullptr;
  std::string prediction;  ///< key of an answer; empty: none was made
  LessonOutcome outcome;
  std::chrono::nanoseconds took{0};

  /// Nothing where there was no prediction, or no answer.
  std::optional<bool> right() const;
};

/// Some that were taken one after the other, with how.
struct LessonsTaken {
  std::string started_at;  ///< UTC
  std::uint64_t seed = 1;
  bool quick = false;
  bool interrupted = false;
  Machine machine;
  std::vector<LessonTaken> lessons;
};

// Texts for a terminal of 80 columns; each line ends in a newline.

/// The list of all: a line each, with how long they take.
std::string lesson_list_text(std::span<const Lesson* const> lessons);

/// What there is to read before the prediction: the idea, the question, the answers.
std::string lesson_question_text(const Lesson& lesson);

/// What there is to read after the real thing: the figures side by side, the prediction held against them, what
/// happened, what it shows, how it lies, and where to go on.
std::string lesson_outcome_text(const LessonTaken& taken);

/// For a class's results: `schema_version` 1.
nlohmann::ordered_json to_json(const LessonsTaken& taken);

/// The JSON Schema, docs/lesson.schema.json.
std::string lesson_schema();

}  // namespace waitlab::client
