#pragma once

#include <sys/types.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace waitlab::server {

/// Who holds which of a few locks, and who waits for it: first come, first served. Each that may hold or wait has a
/// ticket, whose number is its age. When a wait would close a circle, in which each waits for what the next one holds,
/// the youngest in it is made the victim: it waits no longer, is to give back what it holds, and so lets the others go
/// on.
///
/// It blocks nobody: whoever waits looks at its turn. It has no pointers, and may lie in memory that processes share,
/// at whatever address. It begins without touching the memory of tickets, provided that it is default-initialised (as
/// by `new T`, not by `new T()`); how much of it is touched depends on how many there are at once.
///
/// Not thread-safe but for `turn` and `ahead`; whoever owns it has a mutex. Should somebody die with that, `repair`.
class LockTable {
 public:
  static constexpr std::size_t lock_count = 10;
  static constexpr std::size_t most_tickets = 16 * 1024;

  using Lock = std::uint8_t;
  using Ticket = std::uint16_t;  ///< its place in the table

  enum class Turn : std::uint8_t {
    ready,    ///< it waits for nothing: what it asked for it has
    waiting,  ///< for a lock that another holds
    victim,   ///< of a deadlock: it is to end
  };

  /// The locks of a deadlock: whoever holds one of them waits for the next, and whoever holds the last for the first.
  struct Cycle {
    std::array<Lock, lock_count> locks;
    std::uint8_t length;

    auto begin() const noexcept { return locks.begin(); }
    auto end() const noexcept { return locks.begin() + length; }
  };

  struct Deadlock {
    Cycle cycle;    ///< from the lowest lock on
    Ticket victim;  ///< the youngest of those in it
  };

  /// A short text where there is no heap; what is longer is cut off.
  struct Name {
    std::array<char, 128> characters;
    std::uint8_t length;

    void assign(std::string_view text) noexcept {
      length = static_cast<std::uint8_t>(text.copy(characters.data(), characters.size()));
    }
    std::string_view view() const noexcept { return {characters.data(), length}; }
  };

  /// A ticket younger than all before; nothing if there is no room for one. What belongs to a process goes with it.
  std::optional<Ticket> begin(std::string_view name, pid_t process);

  /// Gives back all that it holds, and leaves the queue it is in. The ticket is none afterwards.
  void end(Ticket ticket);

  /// The same of all tickets of a process. Returns how many there were.
  std::size_t end_all_of(pid_t process);

  /// Takes the lock if nobody holds it. Returns whether it did.
  bool take_if_free(Ticket ticket, Lock lock);

  /// Takes the lock, or queues for it: `turn` tells. Returns the deadlock that this wait would have closed, whose
  /// victim may be this ticket, which then does not wait, or another. Not for a ticket that waits or is a victim.
  std::optional<Deadlock> take(Ticket ticket, Lock lock);

  /// Gives back a lock that the ticket holds, to whoever has waited longest.
  void give_back(Ticket ticket, Lock lock);

  /// Whether it waits. For the ticket's owner, at any time.
  Turn turn(Ticket ticket) noexcept { return std::atomic_ref(places_[ticket].turn).load(std::memory_order_acquire); }

  /// Of a ticket that waits, how many at most are served before it, besides the one that holds the lock now. For its
  /// owner, at any time.
  std::uint32_t ahead(Ticket ticket) noexcept;

  /// Of a victim.
  const Cycle& cycle(Ticket victim) const noexcept { return places_[victim].cycle; }

  std::optional<Ticket> holder(Lock lock) const noexcept;
  std::uint32_t waiting(Lock lock) const noexcept { return queues_[lock].waiting; }
  /// The first of those that wait for the lock, `most` of them at most.
  std::vector<Ticket> first_waiting(Lock lock, std::size_t most) const;
  std::string_view name(Ticket ticket) const noexcept { return places_[ticket].name.view(); }

  /// To be called when somebody has died while changing this: brings in order what was left half done. What belonged
  /// to the dead still does.
  void repair();

 private:
  static constexpr Ticket none = most_tickets;

  struct Place {
    std::uint64_t number;  ///< of its ticket, from 1; 0: it has none
    std::uint64_t since;   ///< its place in the order in which all waits began
    std::uint32_t behind;  ///< how many had left the queue, or were in it, when it began to wait
    pid_t process;
    Ticket before;  ///< in the queue; none: it is the first
    Ticket after;   ///< in the queue, or among the free places; none: it is the last
    Lock awaited;
    Turn turn;
    Cycle cycle;
    Name name;
  };

  struct Queue {
    Ticket holder = none;
    Ticket first = none;
    Ticket last = none;
    std::uint32_t waiting = 0;
    std::uint32_t left = 0;  ///< how many have left the queue, however; wraps around
  };

  std::optional<Deadlock> deadlock_closed_by(Ticket ticket, Lock lock);
  void make_victim(const Deadlock& deadlock);
  void hand_over(Lock lock);
  void enqueue(Ticket ticket);
  void leave_queue(Ticket ticket);
  void set_free(Ticket ticket) noexcept;

  std::uint64_t last_number_ = 0;
  std::uint64_t last_wait_ = 0;
  std::array<Queue, lock_count> queues_;
  Ticket free_ = none;  ///< the first of the places that are free again
  Ticket used_ = 0;     ///< how many places have ever had a ticket; the memory of the others is as it was found
  std::array<Place, most_tickets> places_;
};

}  // namespace waitlab::server
