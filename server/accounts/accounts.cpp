#include "server/accounts/accounts.hpp"

#include <unistd.h>
#include <utility>

namespace waitlab::server {

Accounts::Ticket::Ticket(Accounts& accounts, std::string_view request_id)
    : accounts_(accounts), place_([&] {
        const auto lock = accounts.locked();
        return accounts.table_.begin(request_id, ::getpid());
      }()) {}

Accounts::Ticket::~Ticket() {
  if (!place_) return;
  const auto lock = accounts_.locked();
  accounts_.table_.end(*place_);
}

Accounts::Turn Accounts::Ticket::take(Account account) const {
  const auto lock = accounts_.locked();
  if (const auto deadlock = accounts_.table_.take(*place_, account)) accounts_.remember(*deadlock);
  return accounts_.table_.turn(*place_);
}

bool Accounts::Ticket::take_if_free(Account account) const {
  const auto lock = accounts_.locked();
  return accounts_.table_.take_if_free(*place_, account);
}

void Accounts::Ticket::give_back(Account account) const {
  const auto lock = accounts_.locked();
  accounts_.table_.give_back(*place_, account);
}

std::string Accounts::Ticket::cycle() const {
  const auto lock = accounts_.locked();
  return text_of(accounts_.table_.cycle(*place_));
}

std::optional<std::int64_t> Accounts::move(Account from, Account to, std::int64_t amount) {
  const auto lock = locked();
  const std::uint32_t now = current_.load(std::memory_order_relaxed);
  if (balances_[now][from] < amount) return balances_[now][from];
  Balances& next = balances_[1 - now];
  next = balances_[now];
  next[from] -= amount;
  next[to] += amount;
  current_.store(1 - now, std::memory_order_release);
  return std::nullopt;
}

void Accounts::release_all_of(pid_t process) {
  const auto lock = locked();
  table_.end_all_of(process);
}

Accounts::Picture Accounts::picture() {
  const auto lock = locked();
  Picture picture{.balances = balances_[current_.load(std::memory_order_relaxed)]};
  for (Account account = 0; account < count; ++account) {
    const auto holder = table_.holder(account);
    if (!holder) continue;
    Picture::Held held{account, std::string(table_.name(*holder)), {}, table_.waiting(account)};
    for (const LockTable::Ticket waiting : table_.first_waiting(account, Picture::most_waiting))
      held.waiting.emplace_back(table_.name(waiting));
    picture.held.push_back(std::move(held));
  }
  return picture;
}

Deadlocks Accounts::deadlocks() {
  const auto lock = locked();
  if (deadlocks_ == 0) return {};
  return {deadlocks_, text_of(last_cycle_), std::string(last_victim_.view()), last_when_};
}

std::string Accounts::text_of(const LockTable::Cycle& cycle) {
  std::string text;
  for (const Account account : cycle)
    text.append(names[account]).append("→");
  return text.append(names[cycle.locks.front()]);
}

/// Whoever had the mutex before may have died at any moment.
std::unique_lock<SharedMutex> Accounts::locked() {
  std::unique_lock lock(mutex_);
  if (mutex_.take_owner_died()) table_.repair();
  return lock;
}

void Accounts::remember(const LockTable::Deadlock& deadlock) {
  last_cycle_ = deadlock.cycle;
  last_victim_.assign(table_.name(deadlock.victim));
  last_when_ = std::chrono::steady_clock::now();
  ++deadlocks_;
}

}  // namespace waitlab::server
