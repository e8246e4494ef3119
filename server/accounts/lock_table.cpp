#include "server/accounts/lock_table.hpp"

#include <type_traits>
#include <utility>

namespace waitlab::server {

namespace {

/// Changes what `repair` goes by, after all that was changed before: whoever dies in between leaves the one or the
/// other state behind, and none between. All else, the links of the queues above all, is made anew from it.
template <class Value>
void settle(Value& value, Value next) noexcept {
  std::atomic_ref(value).store(next, std::memory_order_release);
}

}  // namespace

std::optional<LockTable::Ticket> LockTable::begin(std::string_view name, pid_t process) {
  static_assert(std::is_trivially_default_constructible_v<Place>, "or the memory of all would be touched");
  const bool is_new = free_ == none;
  if (is_new && used_ == most_tickets) return std::nullopt;
  const Ticket ticket = is_new ? used_ : free_;
  Place& place = places_[ticket];
  const Ticket next_free = is_new ? none : place.after;
  place.process = process;
  place.turn = Turn::ready;
  place.name.assign(name);
  settle(place.number, ++last_number_);
  is_new ? settle(used_, static_cast<Ticket>(used_ + 1)) : settle(free_, next_free);
  return ticket;
}

void LockTable::end(Ticket ticket) {
  if (turn(ticket) == Turn::waiting) leave_queue(ticket);
  for (Lock lock = 0; lock < lock_count; ++lock) {
    if (queues_[lock].holder == ticket) hand_over(lock);
  }
  settle(places_[ticket].number, std::uint64_t{0});
  set_free(ticket);
}

std::size_t LockTable::end_all_of(pid_t process) {
  std::size_t ended = 0;
  for (Ticket ticket = 0; ticket < used_; ++ticket) {
    if (places_[ticket].number == 0 || places_[ticket].process != process) continue;
    end(ticket);
    ++ended;
  }
  return ended;
}

bool LockTable::take_if_free(Ticket ticket, Lock lock) {
  if (queues_[lock].holder != none) return false;
  settle(queues_[lock].holder, ticket);
  return true;
}

std::optional<LockTable::Deadlock> LockTable::take(Ticket ticket, Lock lock) {
  if (take_if_free(ticket, lock)) return std::nullopt;
  const std::optional<Deadlock> deadlock = deadlock_closed_by(ticket, lock);
  if (deadlock) make_victim(*deadlock);
  if (deadlock && deadlock->victim == ticket) return deadlock;
  places_[ticket].awaited = lock;
  places_[ticket].since = ++last_wait_;
  places_[ticket].behind = queues_[lock].left + queues_[lock].waiting;
  enqueue(ticket);
  settle(places_[ticket].turn, Turn::waiting);
  return deadlock;
}

void LockTable::give_back(Ticket ticket, Lock lock) {
  if (queues_[lock].holder == ticket) hand_over(lock);
}

std::uint32_t LockTable::ahead(Ticket ticket) noexcept {
  const Place& place = places_[ticket];
  const std::uint32_t left = std::atomic_ref(queues_[place.awaited].left).load(std::memory_order_relaxed);
  // Those that came later may have left as well, so it may seem to be further ahead than it is.
  return static_cast<std::uint32_t>(std::max(static_cast<std::int32_t>(place.behind - left), 0));
}

std::optional<LockTable::Ticket> LockTable::holder(Lock lock) const noexcept {
  const Ticket holder = queues_[lock].holder;
  return holder == none ? std::nullopt : std::optional(holder);
}

std::vector<LockTable::Ticket> LockTable::first_waiting(Lock lock, std::size_t most) const {
  std::vector<Ticket> waiting;
  for (Ticket ticket = queues_[lock].first; ticket != none && waiting.size() < most; ticket = places_[ticket].after)
    waiting.push_back(ticket);
  return waiting;
}

/// Follows who holds what is waited for. There is one way to follow: nobody waits for more than one lock, and those
/// ahead in its queue wait for the same holder. It ends, as there was no circle before; and there is none but by a
/// wait, since whoever is handed a lock waits for nothing.
std::optional<LockTable::Deadlock> LockTable::deadlock_closed_by(Ticket ticket, Lock lock) {
  Deadlock found{{}, ticket};
  for (;;) {
    found.cycle.locks[found.cycle.length++] = lock;
    const Ticket holder = queues_[lock].holder;
    if (places_[holder].number > places_[found.victim].number) found.victim = holder;
    if (holder == ticket) break;
    if (turn(holder) != Turn::waiting) return std::nullopt;
    lock = places_[holder].awaited;
  }
  const auto first = found.cycle.locks.begin();
  const auto last = first + found.cycle.length;
  std::rotate(first, std::min_element(first, last), last);
  return found;
}

void LockTable::make_victim(const Deadlock& deadlock) {
  Place& victim = places_[deadlock.victim];
  victim.cycle = deadlock.cycle;
  if (turn(deadlock.victim) == Turn::waiting) leave_queue(deadlock.victim);
  settle(victim.turn, Turn::victim);
}

void LockTable::hand_over(Lock lock) {
  const Ticket next = queues_[lock].first;
  if (next != none) leave_queue(next);
  settle(queues_[lock].holder, next);
  if (next != none) settle(places_[next].turn, Turn::ready);
}

/// Links it to the end of the queue of what it waits for.
void LockTable::enqueue(Ticket ticket) {
  Queue& queue = queues_[places_[ticket].awaited];
  places_[ticket].before = queue.last;
  places_[ticket].after = none;
  (queue.last == none ? queue.first : places_[queue.last].after) = ticket;
  queue.last = ticket;
  ++queue.waiting;
}

void LockTable::leave_queue(Ticket ticket) {
  Queue& queue = queues_[places_[ticket].awaited];
  const auto [before, after] = std::pair(places_[ticket].before, places_[ticket].after);
  (before == none ? queue.first : places_[before].after) = after;
  (after == none ? queue.last : places_[after].before) = before;
  --queue.waiting;
  std::atomic_ref(queue.left).fetch_add(1, std::memory_order_relaxed);
}

void LockTable::set_free(Ticket ticket) noexcept {
  places_[ticket].after = free_;
  free_ = ticket;
}

void LockTable::repair() {
  for (Queue& queue : queues_) {
    if (queue.holder != none && places_[queue.holder].number == 0) queue.holder = none;
    queue.first = queue.last = none;
    queue.waiting = 0;
  }
  free_ = none;
  std::vector<Ticket> waiting;
  for (Ticket ticket = 0; ticket < used_; ++ticket) {
    if (places_[ticket].number == 0) {
      set_free(ticket);
    } else if (turn(ticket) == Turn::waiting) {
      const bool was_handed_it = queues_[places_[ticket].awaited].holder == ticket;
      was_handed_it ? settle(places_[ticket].turn, Turn::ready) : waiting.push_back(ticket);
    }
  }
  std::ranges::sort(waiting, {}, [this](Ticket ticket) { return places_[ticket].since; });
  for (const Ticket ticket : waiting)
    enqueue(ticket);
  for (Lock lock = 0; lock < lock_count; ++lock) {
    if (queues_[lock].holder == none) hand_over(lock);
  }
}

}  // namespace waitlab::server
