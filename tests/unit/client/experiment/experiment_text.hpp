#pragma once

#include "client/experiment/experiment_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace waitlab::client {

inline constexpr const char* minimal_experiment = R"({
  "name": "mine",
  "targets": [{"name": "loop", "server": {"strategy": "event-loop"}}],
  "load": {"rates": [100]}
})";

/// The minimal experiment with one piece of its text replaced.
inline std::string with(const std::string& piece, const std::string& replacement) {
  std::string text = minimal_experiment;
  const auto at = text.find(piece);
  EXPECT_NE(at, std::string::npos) << piece;
  return text.replace(at, piece.size(), replacement);
}

/// With other members of the load than rates of 100.
inline std::string with_load(const std::string& members) {
  return with("\"rates\": [100]", members);
}

/// With another list of targets; other members of the file may follow it.
inline std::string with_targets(const std::string& list) {
  return with(R"([{"name": "loop", "server": {"strategy": "event-loop"}}])", list);
}

inline Experiment parse(const std::string& text, bool quick = false) {
  auto experiment = parse_experiment(text, "mine.jsonc", quick);
  EXPECT_TRUE(experiment) << experiment.error().message;
  return experiment ? *experiment : Experiment{};
}

/// The message about a text that is wrong.
inline std::string failure(const std::string& text, bool quick = false) {
  const auto experiment = parse_experiment(text, "mine.jsonc", quick);
  return experiment ? "accepted" : experiment.error().message;
}

}  // namespace waitlab::client
