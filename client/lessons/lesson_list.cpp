#include "client/lessons/lessons.hpp"

#include "common/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace waitlab::client {

std::span<const Lesson* const> all_lessons() {
  static constexpr std::array lessons{
      &waiting_lesson,
      &threads_and_processes_lesson,
      &files_and_network_lesson,
      &race_lesson,
      &locks_lesson,
      &deadlock_lesson,
      &avoid_sharing_lesson,
      &too_many_threads_lesson,
      &context_switches_lesson,
      &concurrency_and_parallelism_lesson,
      &pool_sizing_lesson,
      &async_adds_no_capacity_lesson,
      &coordinated_omission_lesson,
      &overload_lesson,
      &python_lesson,
      &when_it_does_not_matter_lesson,
  };
  return lessons;
}

Result<const Lesson*> find_lesson(std::string_view name) {
  std::vector<std::string> names;
  for (const Lesson* const lesson : all_lessons()) {
    if (lesson->name == name) return lesson;
    names.emplace_back(lesson->name);
  }
  const auto nearest = nearest_name(name, names);
  return Failure{fmt::format("there is no lesson '{}'{}; waitlab-client lesson lists them", name,
                             nearest ? fmt::format(", did you mean '{}'?", *nearest) : "")};
}

}  // namespace waitlab::client
