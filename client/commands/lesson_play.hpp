#pragma once

#include "client/explorer/run.hpp"
#include "common/result.hpp"

#include <functional>
#include <istream>
#include <string>
#include <string_view>

namespace waitlab::client {

/// Where whoever plays reads and types.
struct PlayScreen {
  std::istream& typed;                                   ///< letters in lines, of a terminal or a pipe
  std::function<Result<void>(const std::string&)> show;  ///< text at once, without a newline of its own
  bool echoes = true;  ///< whether what is typed is seen, as on a terminal; else it is shown after the prompt
};

/// Lets the learner be the scheduler of the run, whose threads' letters are digits: shows where the threads are and
/// asks for the next one, until the run is over, or `q`, or the end of what is typed. `u` takes the last step back. A
/// line may hold several letters; the rest of a line is dropped where one cannot be followed. Returns the run as it was
/// left; Failure where nothing can be shown.
Result<explorer::GuidedRun> play(explorer::GuidedRun run, const PlayScreen& screen);

/// What there is to read after a play: the run; of one that is over how many of all schedules end so; and the command
/// that shows it again. Each line ends in a newline.
std::string played_text(const explorer::GuidedRun& run, std::string_view lesson);

/// The run of a schedule; of one that is not over also which threads can go on.
std::string replayed_text(const explorer::GuidedRun& run);

}  // namespace waitlab::client
