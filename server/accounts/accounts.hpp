#pragma once

#include "common/process/shared_mutex.hpp"
#include "server/accounts/deadlocks.hpp"
#include "server/accounts/lock_table.hpp"

#include <sys/types.h>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::server {

/// Ten accounts, each with a lock that a transfer takes before it touches it, and a table of who holds and who waits.
/// What they have together never changes, whoever dies at what moment. They outlive the strategies, and may lie in
/// memory that processes share, as LockTable says. Thread-safe; the mutex is a leaf, held for microseconds.
class Accounts {
 public:
  using Account = LockTable::Lock;
  using Turn = LockTable::Turn;

  static constexpr std::size_t count = LockTable::lock_count;
  static constexpr std::array<std::string_view, count> names = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  static constexpr std::int64_t opening_balance = 1000;
  static constexpr std::size_t most_transfers = LockTable::most_tickets;

  /// A transfer's place among all that are under way, in which it may take locks. Gives back all that it holds, and
  /// leaves the queue it is in, when it is destroyed. Belongs to one thread at a time; the accounts must outlive it.
  class Ticket {
   public:
    /// The youngest, of the calling process.
    Ticket(Accounts& accounts, std::string_view request_id);
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket();

    /// False: there are `most_transfers` already, and it may do nothing.
    explicit operator bool() const noexcept { return place_.has_value(); }

    /// Takes the lock, or begins to wait for it; a wait that would close a deadlock has its youngest made the victim.
    Turn take(Account account) const;
    bool take_if_free(Account account) const;
    void give_back(Account account) const;

    /// How a wait goes on; does not lock. A victim is to be destroyed.
    Turn turn() const noexcept { return accounts_.table_.turn(*place_); }
    /// While it waits, how many others have it before.
    std::uint32_t ahead() const noexcept { return accounts_.table_.ahead(*place_); }

    /// Of a victim: as in Deadlocks.
    std::string cycle() const;

   private:
    Accounts& accounts_;
    const std::optional<LockTable::Ticket> place_;
  };

  /// Moves an amount in one step, if `from` has as much; what it has instead, if not. Both locks are the caller's.
  std::optional<std::int64_t> move(Account from, Account to, std::int64_t amount);

  /// Gives back what a process that has died held, and takes it out of all queues.
  void release_all_of(pid_t process);

  /// What they have, and who holds and waits for what; of one moment.
  struct Picture {
    struct Held {
      Account account;
      std::string holder;                ///< the id of its request
      std::vector<std::string> waiting;  ///< likewise, of the first of those that wait
      std::size_t waiting_total;
    };
    static constexpr std::size_t most_waiting = 16;  ///< whose ids are told, for each account

    std::array<std::int64_t, count> balances{};
    std::vector<Held> held{};
  };
  Picture picture();

  Deadlocks deadlocks();

 private:
  using Balances = std::array<std::int64_t, count>;

  static std::string text_of(const LockTable::Cycle& cycle);

  static std::array<Balances, 2> opening() {
    std::array<Balances, 2> both{};
    both[0].fill(opening_balance);
    return both;
  }

  std::unique_lock<SharedMutex> locked();
  void remember(const LockTable::Deadlock& deadlock);

  SharedMutex mutex_;  ///< guards all below
  LockTable table_;

  /// A change is made in the one that is not current, which then is.
  std::array<Balances, 2> balances_ = opening();
  std::atomic<std::uint32_t> current_{0};

  std::uint64_t deadlocks_ = 0;
  LockTable::Cycle last_cycle_{};
  LockTable::Name last_victim_{};
  std::chrono::steady_clock::time_point last_when_;
};

}  // namespace waitlab::server
