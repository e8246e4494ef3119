#pragma once

#include "client/lessons/lesson.hpp"
#include "client/theory/queueing.hpp"

#include <optional>
#include <span>
#include <string>

namespace waitlab::client {

/// A pool of one size under the lesson's load.
struct SizedPool {
  unsigned threads = 0;
  std::optional<Seconds> p99{};       ///< as measured; nothing: it was not
  std::optional<Seconds> expected{};  ///< by Erlang-C; nothing where the queue grows without end
};

/// Its p99; nothing is `likely` where the queue grows without end.
LessonFigure figure_of_pool(const SizedPool& pool);

/// The size of the smallest pool whose p99 is at most 1.4 times the lowest of all. Nothing where one was not measured.
/// In order of size.
std::optional<unsigned> knee_of(std::span<const SizedPool> pools);

/// The lesson's answer, where `busy` threads are busy on average; empty where the knee is not known.
std::string answer_of_knee(std::span<const SizedPool> pools, unsigned busy);

}  // namespace waitlab::client
