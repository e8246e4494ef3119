#pragma once

#include "common/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client::fleet {

/// Who takes part in a run that several workers make together, and how far each has got: the barrier before the start,
/// and the account of who is missing after it. Without sockets or a clock, and what the model in tests/model describes.
///
/// There are as many places as workers are wanted. Before the start, a worker that is lost leaves its place to another;
/// from the start on, a place that is lost stays so, and newcomers are refused: whatever restarts them, the load they
/// would make is not the one that was asked for. Not thread-safe.
class Muster {
 public:
  enum class Phase {
    gathering,  ///< places are taken, and those in them get ready
    running,    ///< all were ready, and were told to start
    over        ///< each place has ended, or is lost
  };
  enum class State {
    absent,   ///< nobody has taken the place
    present,  ///< somebody has, and is not ready
    ready,
    running,
    done,  ///< its part of the run is here
    lost   ///< from the start on
  };

  struct Place {
    State state = State::absent;
    std::string name{};          ///< of who has it
    std::string lost_because{};  ///< if it is lost
    bool gone = false;           ///< whoever is done has left: there is no further run for it
  };

  /// At least one place.
  explicit Muster(std::size_t places) : places_(places) {}

  /// A worker comes: the place it has from now on, or why it is refused.
  Result<std::size_t> join(const std::string& name);
  /// It is ready to start. Only of a place that is taken, while gathering.
  void ready(std::size_t place);
  /// It is gone, or no use any more. Before the start its place is free; of one that is done, this run loses nothing.
  void lose(std::size_t place, std::string because);
  /// All are told to start. Only if `all_ready`.
  void start();
  /// It gave what it had to give. Only of a place that runs.
  void done(std::size_t place);
  /// Those who are done are present for another run, in their places. Only when over.
  void gather_again();

  Phase phase() const noexcept { return phase_; }
  bool all_present() const noexcept;  ///< each place is taken
  bool all_ready() const noexcept;
  std::size_t present() const noexcept;  ///< places that are taken
  /// Some place was lost since the start, so that the run is not the one that was asked for.
  bool broken() const noexcept;
  const std::vector<Place>& places() const noexcept { return places_; }

 private:
  void end_if_all_have();

  std::vector<Place> places_;
  Phase phase_ = Phase::gathering;
};

}  // namespace waitlab::client::fleet
