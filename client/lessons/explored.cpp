#include "client/lessons/explored.hpp"

#include "client/explorer/exploration.hpp"

#include <utility>

namespace waitlab::client {

LessonFigure figure_of_wrong(std::string name, const explorer::Program& program) {
  const auto all = explorer::explore_all(program);
  return {std::move(name),
          "share",
          share_of(all.wrong_schedules(), all.schedules()),
          share_reading(all.wrong_likelihood()),
          {}};
}

}  // namespace waitlab::client
