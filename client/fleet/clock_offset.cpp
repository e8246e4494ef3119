#include "client/fleet/clock_offset.hpp"

namespace waitlab::client::fleet {

void ClockOffset::add(Time sent, Time answered, Time received) {
  const Time round_trip = received - sent;
  if (round_trip < Time::zero()) return;
  if (round_trips_ == 0 || round_trip < round_trip_) {
    round_trip_ = round_trip;
    offset_ = answered - (sent + round_trip / 2);
  }
  ++round_trips_;
}

}  // namespace waitlab::client::fleet
