#pragma once

#include "client/experiment/running_target.hpp"
#include "client/explorer/program.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// A figure as one of the three ways to it gives it, with the text that people read.
struct Reading {
  double value = 0;  ///< in the unit of its figure
  std::string text;
};

/// What is told of a figure: what can be at all (enumerated or computed), what is to be expected (of a random
/// scheduler, or by theory), and what was measured here.
struct LessonFigure {
  std::string name;  ///< at most 34 characters
  std::string unit;  ///< of the values, as in JSON keys: "s", "share", "per_s", "count", "ratio", "bytes"
  std::optional<Reading> possible{};
  std::optional<Reading> likely{};
  std::optional<Reading> here{};
};

/// Readings whose texts follow from their values.
Reading time_reading(std::chrono::nanoseconds time);  ///< "1.23 ms"; the value in seconds
Reading share_reading(double share);                  ///< "48 %"
Reading share_of(double part, double whole);          ///< "18 of 20"; the value is their share
Reading count_reading(double count);                  ///< "1,234"
Reading rate_reading(double per_second);              ///< "1,234/s"
Reading ratio_reading(double ratio);                  ///< "2.1 times"
Reading bytes_reading(double bytes);                  ///< "28 KiB"

/// The sentences one after the other, without those that are empty.
std::string told_together(std::vector<std::string> sentences);

/// What a lesson found on this machine.
struct LessonOutcome {
  std::vector<LessonFigure> figures{};
  std::string answer{};      ///< key of the answer that held here; empty if nothing can be said
  std::string trace{};       ///< what happened, line by line, at most 80 columns wide; may be empty
  std::string conclusion{};  ///< what it shows, in sentences; also where this machine contradicts the folklore
  std::vector<std::string> missing{};  ///< what could not be done here, and why, a sentence each
};

/// An answer that can be predicted.
struct LessonAnswer {
  std::string_view key;  ///< one word, as typed
  std::string_view text;
};

/// How a lesson is to run, and what it may use.
struct LessonSetting {
  std::uint64_t seed = 1;
  bool quick = false;  ///< half as long, and less sure
  Programs programs;   ///< for those that start servers
  std::stop_token stop;
  std::function<void(const std::string&)> on_step;  ///< what it does now, a few words; for those who wait
};

/// A lesson: an idea, a question about it, and the real thing that answers the question. All text is plain, without
/// line breaks; paragraphs are wrapped where they are printed.
struct Lesson {
  std::string_view name;
  std::string_view idea;  ///< of a line, for the list
  std::chrono::seconds takes;
  std::string_view introduction;  ///< two or three sentences
  std::string_view question;
  std::span<const LessonAnswer> answers;
  std::string_view how_it_lies;  ///< what commonly makes such a demonstration lie
  std::string_view try_next;     ///< a sentence, with a command
  std::string_view experiment;   ///< the shipped one behind it; may be empty

  /// Does the real thing, on the calling thread, the program's first, and others. What it starts has ended when it
  /// returns. Once `stop` is asked it returns soon, with what there is. Failure if it could not be done at all.
  Result<LessonOutcome> (*run)(const LessonSetting& setting);

  /// Makes the small program of which the learner can be the scheduler; null where the lesson has none. Its threads'
  /// letters are digits: others are commands.
  explorer::Program (*program)() = nullptr;
};

/// All of them, in the order to take them in.
std::span<const Lesson* const> all_lessons();

/// The one of that name. Failure names the nearest.
Result<const Lesson*> find_lesson(std::string_view name);

}  // namespace waitlab::client
