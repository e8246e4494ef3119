#include "client/fleet/crew.hpp"

#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using Clock = Link::Clock;

/// Round trips to a worker before its clock counts as known: if it is known well enough by then, or at all.
constexpr std::size_t clock_samples = 64;
constexpr std::size_t far_clock_samples = 256;
constexpr nanoseconds near_enough = 1ms;

/// Between two questions for a clock that is not known yet.
constexpr nanoseconds sample_interval = 10ms;

/// How long workers have for going home.
constexpr nanoseconds longest_goodbye = 2s;

nanoseconds now_ns() {
  return Clock::now().time_since_epoch();
}

nanoseconds from_wire(std::uint64_t time) {
  return nanoseconds(static_cast<std::int64_t>(time));
}

}  // namespace

bool Member::knows_clock() const noexcept {
  return before.round_trips() >= (before.uncertainty() <= near_enough ? clock_samples : far_clock_samples);
}

void Member::forget_run() {
  ordered = false;
  arrivals.reset();
  part = {.name = part.name, .address = part.address, .cpus = part.cpus};
}

Crew::Crew(std::size_t places, Events events) : events_(std::move(events)), muster_(places), members_(places) {}

Result<void> Crew::open(const SocketAddress& address, const std::string& token) {
  auto door = Door::open(
      io_, address, token,
      [this](const std::shared_ptr<Link>& link, const Registration& who) { return take_in(link, who); },
      [this](const std::string& who, const std::string& why) {
        events_.say(fmt::format("{} was refused: {}", who, why));
      });
  if (!door) return door.error();
  door_ = std::move(*door);
  return {};
}

void Crew::tick(nanoseconds length) {
  io_.restart();
  io_.run_for(length);
  const auto now = Clock::now();
  door_->look_after(now);
  for (std::size_t place = 0; place < members_.size(); ++place)
    look_after(place, now);
}

void Crew::look_after(std::size_t place, Clock::time_point now) {
  Member& member = members_[place];
  if (!member.link) return;
  if (now - member.link->last_heard() > longest_silence)
    return lose(place, fmt::format("nothing was heard of it for {}", short_time(longest_silence)));
  if (now - member.last_ping < (member.knows_clock() ? nanoseconds(ping_interval) : sample_interval)) return;
  member.last_ping = now;
  send(place, Ping{static_cast<std::uint64_t>(now_ns().count())});
}

void Crew::send(std::size_t place, const FromCollector& message) {
  if (members_[place].link) members_[place].link->send(encode(message));
}

Result<void> Crew::take_in(const std::shared_ptr<Link>& link, const Registration& who) {
  const auto joined = muster_.join(who.name);
  if (!joined) return joined.error();
  const std::size_t place = *joined;
  members_[place] = {.link = link, .part = {.name = who.name, .address = link->peer(), .cpus = who.cpus}};
  link->hand_over({.on_text = [this, place](const std::string& text) { hear(place, text); },
                   .on_end = [this, place](const std::string& why) { lose(place, why); }});
  send(place, Welcome{static_cast<unsigned>(place), static_cast<unsigned>(members_.size())});
  events_.say(fmt::format("{} joined ({} of {})", who.name, muster_.present(), members_.size()));
  return {};
}

void Crew::hear(std::size_t place, const std::string& text) {
  auto message = decode_from_worker(text);
  if (!message) return lose(place, "it sent what can't be read: " + message.error().message);
  if (std::holds_alternative<Registration>(*message)) return lose(place, "it registered twice");
  const auto* const pong = std::get_if<Pong>(&*message);
  if (pong == nullptr) return events_.on_message(place, *message);
  Member& member = members_[place];
  const bool gathering = muster_.phase() == Muster::Phase::gathering;
  (gathering ? member.before : member.after).add(from_wire(pong->sent), from_wire(pong->answer), now_ns());
}

void Crew::lose(std::size_t place, const std::string& why) {
  Member& member = members_[place];
  if (!member.link) return;
  send(place, Refusal{why});
  member.link->close_after_sending();
  member.link.reset();
  const bool had_done = muster_.places()[place].state == Muster::State::done;
  if (runs(place)) member.part.lost_because = why;
  muster_.lose(place, why);
  if (!had_done) events_.say(fmt::format("{} was lost: {}", member.part.name, why));
}

void Crew::send_home() {
  std::size_t left = 0;
  for (Member& member : members_) {
    if (!member.link) continue;
    ++left;
    member.link->hand_over({.on_text = {}, .on_end = [&left](const std::string&) { --left; }});
    member.link->send(encode(Bye{}));
  }
  const auto deadline = Clock::now() + longest_goodbye;
  while (left > 0 && Clock::now() < deadline) {
    io_.restart();
    io_.run_one_until(deadline);
  }
  for (Member& member : members_) {
    if (member.link) member.link->close();
  }
}

std::uint64_t Crew::bytes_in() const {
  std::uint64_t bytes = 0;
  for (const Member& member : members_) {
    if (member.link) bytes += member.link->bytes_in();
  }
  return bytes;
}

}  // namespace waitlab::client::fleet
