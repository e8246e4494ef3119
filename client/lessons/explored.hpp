#pragma once

#include "client/explorer/program.hpp"
#include "client/lessons/lesson.hpp"

#include <string>

namespace waitlab::client {

/// Of how many schedules of the program end wrong, and how likely one is under a random scheduler; every schedule is
/// explored. A deadlock is wrong.
LessonFigure figure_of_wrong(std::string name, const explorer::Program& program);

}  // namespace waitlab::client
