#pragma once

#include "client/lessons/lesson.hpp"

namespace waitlab::client {

// The lessons. Each is in a file of its own, called like it.

extern const Lesson waiting_lesson;

}  // namespace waitlab::client
