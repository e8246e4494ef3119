#pragma once

#include "client/lessons/lesson.hpp"

namespace waitlab::client {

// The lessons. Each is in a file of its own, called like it.

extern const Lesson waiting_lesson;
extern const Lesson threads_and_processes_lesson;
extern const Lesson files_and_network_lesson;
extern const Lesson race_lesson;
extern const Lesson locks_lesson;
extern const Lesson deadlock_lesson;
extern const Lesson avoid_sharing_lesson;
extern const Lesson too_many_threads_lesson;
extern const Lesson context_switches_lesson;
extern const Lesson concurrency_and_parallelism_lesson;
extern const Lesson pool_sizing_lesson;
extern const Lesson async_adds_no_capacity_lesson;
extern const Lesson coordinated_omission_lesson;
extern const Lesson overload_lesson;
extern const Lesson python_lesson;
extern const Lesson when_it_does_not_matter_lesson;

}  // namespace waitlab::client
