#pragma once

#include "client/fleet/clock_offset.hpp"
#include "client/fleet/door.hpp"
#include "client/fleet/link.hpp"
#include "client/fleet/message.hpp"
#include "client/fleet/muster.hpp"
#include "client/record/load_result.hpp"
#include "common/net/socket_address.hpp"
#include "common/result.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client::fleet {

/// Whoever has a place.
struct Member {
  std::shared_ptr<Link> link;  ///< null: nobody, or lost
  WorkerPart part{};
  ClockOffset before{};  ///< its clock, as found before the start
  ClockOffset after{};   ///< and since
  Link::Clock::time_point last_ping{};
  bool ordered = false;
  std::optional<ArrivalTally::Sums> arrivals{};

  /// After 64 round trips; where even the smallest leaves more than a millisecond open, after four times as many: the
  /// longer the way, the rarer is a packet that met no delay on it.
  bool knows_clock() const noexcept;
  /// Forgets what the run before was.
  void forget_run();
};

/// The workers of a collector and its connections to them: lets them in, keeps hearing of each, learns its clock, and
/// notices who is gone. What they say of a run it passes on. All is done within `tick` and `send_home`. Not
/// thread-safe.
class Crew {
 public:
  struct Events {
    /// What a worker says, but for what is between it and the crew: pongs, and who it is.
    std::function<void(std::size_t place, FromWorker& message)> on_message;
    /// What goes on, for people, a line at a time.
    std::function<void(const std::string& line)> say;
  };

  Crew(std::size_t places, Events events);

  /// Begins to listen. Failure: the address cannot be had.
  Result<void> open(const SocketAddress& address, const std::string& token);
  const Door& door() const { return *door_; }

  /// Lets in what has come, for so long.
  void tick(std::chrono::nanoseconds length);
  void send(std::size_t place, const FromCollector& message);
  /// Goes on without this worker, and tells it why.
  void lose(std::size_t place, const std::string& why);
  /// Tells all that there is nothing more to do, and waits a moment for them to be gone.
  void send_home();

  Muster& muster() noexcept { return muster_; }
  const Muster& muster() const noexcept { return muster_; }
  bool runs(std::size_t place) const { return muster_.places()[place].state == Muster::State::running; }
  std::vector<Member>& members() noexcept { return members_; }
  const std::vector<Member>& members() const noexcept { return members_; }
  std::uint64_t bytes_in() const;

 private:
  Result<void> take_in(const std::shared_ptr<Link>& link, const Registration& who);
  void hear(std::size_t place, const std::string& text);
  void look_after(std::size_t place, Link::Clock::time_point now);

  Events events_;
  Muster muster_;
  std::vector<Member> members_;  ///< by place
  boost::asio::io_context io_{1};
  std::unique_ptr<Door> door_;
};

}  // namespace waitlab::client::fleet
