#include "client/fleet/muster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace waitlab::client::fleet {

Result<std::size_t> Muster::join(const std::string& name) {
  if (phase_ != Phase::gathering) {
    return Failure{std::ranges::find(places_, name, &Place::name) == places_.end()
                       ? "the run has begun, and takes no more workers"
                       : fmt::format("the run has begun, and '{}' was in it: nobody can come back", name)};
  }
  const auto has_name = [&name](const Place& place) { return place.state != State::absent && place.name == name; };
  if (std::ranges::any_of(places_, has_name))
    return Failure{fmt::format("there is a worker '{}' already; give each a --name of its own", name)};
  const auto free = std::ranges::find(places_, State::absent, &Place::state);
  if (free == places_.end()) return Failure{fmt::format("all {} places are taken", places_.size())};
  *free = {.state = State::present, .name = name};
  return static_cast<std::size_t>(free - places_.begin());
}

void Muster::ready(std::size_t place) {
  places_[place].state = State::ready;
}

void Muster::lose(std::size_t place, std::string because) {
  Place& lost = places_[place];
  if (phase_ == Phase::gathering) {
    lost = {};
  } else if (lost.state == State::running) {
    lost.state = State::lost;
    lost.lost_because = std::move(because);
    end_if_all_have();
  } else {
    lost.gone = true;
  }
}

void Muster::start() {
  phase_ = Phase::running;
  for (Place& place : places_)
    place.state = State::running;
}

void Muster::done(std::size_t place) {
  places_[place].state = State::done;
  end_if_all_have();
}

void Muster::gather_again() {
  phase_ = Phase::gathering;
  for (Place& place : places_) {
    const bool stays = place.state == State::done && !place.gone;
    place = stays ? Place{.state = State::present, .name = place.name} : Place{};
  }
}

bool Muster::all_present() const noexcept {
  return std::ranges::none_of(places_, [](const Place& place) { return place.state == State::absent; });
}

bool Muster::all_ready() const noexcept {
  return std::ranges::all_of(places_, [](const Place& place) { return place.state == State::ready; });
}

std::size_t Muster::present() const noexcept {
  return places_.size() - static_cast<std::size_t>(std::ranges::count(places_, State::absent, &Place::state));
}

bool Muster::broken() const noexcept {
  return std::ranges::find(places_, State::lost, &Place::state) != places_.end();
}

void Muster::end_if_all_have() {
  if (std::ranges::find(places_, State::running, &Place::state) == places_.end()) phase_ = Phase::over;
}

}  // namespace waitlab::client::fleet
