#include "server/accounts/accounts.hpp"

#include "tests/unit/server/accounts/stepped_child.hpp"

#include <gmock/gmock.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace waitlab::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Account = Accounts::Account;
using Turn = Accounts::Turn;

constexpr std::int64_t all_together = 10'000;

std::int64_t total_of(Accounts& accounts) {
  const auto balances = accounts.picture().balances;
  return std::accumulate(balances.begin(), balances.end(), std::int64_t{0});
}

/// Moves 1 between two accounts, whose locks it takes in the order that chance has.
void transfer_at_random(Accounts& accounts, std::mt19937& random) {
  const auto from = static_cast<Account>(random() % Accounts::count);
  const auto to = static_cast<Account>((from + 1 + random() % (Accounts::count - 1)) % Accounts::count);
  const Accounts::Ticket ticket(accounts, "random");
  for (const Account account : {from, to}) {
    Turn turn = ticket.take(account);
    while (turn == Turn::waiting) {
      std::this_thread::yield();
      turn = ticket.turn();
    }
    if (turn == Turn::victim) return;
  }
  accounts.move(from, to, 1);
}

/// Some accounts and their names in a test.
class WithAccounts : public testing::Test {
 protected:
  using Ticket = Accounts::Ticket;

  static constexpr Account first = 0;
  static constexpr Account second = 1;
  static constexpr Account third = 2;
};

class AccountsTest : public WithAccounts {
 protected:
  const std::unique_ptr<Accounts> memory = std::make_unique_for_overwrite<Accounts>();
  Accounts& accounts = *memory;
};

TEST_F(AccountsTest, BeginWithAThousandEach) {
  const auto picture = accounts.picture();
  EXPECT_THAT(picture.balances, testing::Each(1000));
  EXPECT_THAT(picture.held, IsEmpty());
  EXPECT_EQ(accounts.deadlocks().total, 0U);
}

TEST_F(AccountsTest, MoveWhatIsThereAndNoMore) {
  EXPECT_EQ(accounts.move(first, second, 997), std::nullopt);
  EXPECT_EQ(accounts.move(first, second, 4), 3);
  EXPECT_EQ(accounts.move(first, third, 3), std::nullopt);
  EXPECT_THAT(accounts.picture().balances, ElementsAre(0, 1997, 1003, 1000, 1000, 1000, 1000, 1000, 1000, 1000));
}

TEST_F(AccountsTest, ShowWhoHoldsALockAndWhoWaitsForIt) {
  const Ticket holder(accounts, "holder");
  const Ticket next(accounts, "next");
  const Ticket last(accounts, "last");
  EXPECT_EQ(holder.take(second), Turn::ready);
  EXPECT_EQ(next.take(second), Turn::waiting);
  EXPECT_EQ(last.take(second), Turn::waiting);
  const auto held = accounts.picture().held;
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].account, second);
  EXPECT_EQ(held[0].holder, "holder");
  EXPECT_THAT(held[0].waiting, ElementsAre("next", "last"));
  EXPECT_EQ(held[0].waiting_total, 2U);
}

TEST_F(AccountsTest, NameOnlyTheFirstOfManyThatWait) {
  const Ticket holder(accounts, "holder");
  EXPECT_TRUE(holder.take_if_free(first));
  std::vector<std::unique_ptr<Ticket>> waiting;
  for (int count = 0; count < 40; ++count) {
    waiting.push_back(std::make_unique<Ticket>(accounts, "waiting"));
    waiting.back()->take(first);
  }
  const auto held = accounts.picture().held;
  EXPECT_EQ(held[0].waiting.size(), Accounts::Picture::most_waiting);
  EXPECT_EQ(held[0].waiting_total, 40U);
}

TEST_F(AccountsTest, GiveBackWhatATicketHeldWhenItGoes) {
  const Ticket waiting(accounts, "waiting");
  {
    const Ticket holder(accounts, "holder");
    EXPECT_TRUE(holder.take_if_free(first));
    EXPECT_EQ(waiting.take(first), Turn::waiting);
  }
  EXPECT_EQ(waiting.turn(), Turn::ready);
  EXPECT_EQ(accounts.picture().held.front().holder, "waiting");
}

TEST_F(AccountsTest, RememberTheLastDeadlock) {
  const auto before = std::chrono::steady_clock::now();
  const Ticket older(accounts, "older");
  const Ticket younger(accounts, "younger");
  EXPECT_EQ(older.take(third), Turn::ready);
  EXPECT_EQ(younger.take(first), Turn::ready);
  EXPECT_EQ(older.take(first), Turn::waiting);
  EXPECT_EQ(younger.take(third), Turn::victim);
  EXPECT_EQ(younger.cycle(), "a→c→a");
  const Deadlocks deadlocks = accounts.deadlocks();
  EXPECT_EQ(deadlocks.total, 1U);
  EXPECT_EQ(deadlocks.cycle, "a→c→a");
  EXPECT_EQ(deadlocks.victim, "younger");
  EXPECT_GE(deadlocks.when, before);
}

TEST_F(AccountsTest, HaveNoRoomForOneTicketTooMany) {
  std::vector<std::unique_ptr<Ticket>> tickets;
  for (std::size_t count = 0; count < Accounts::most_transfers; ++count) {
    tickets.push_back(std::make_unique<Ticket>(accounts, "one"));
    ASSERT_TRUE(*tickets.back());
  }
  EXPECT_FALSE(Ticket(accounts, "too many"));
  tickets.pop_back();
  EXPECT_TRUE(Ticket(accounts, "again"));
}

TEST_F(AccountsTest, KeepTheirTotalUnderManyThreadsWhateverDeadlocks) {
  {
    std::vector<std::jthread> threads;
    for (unsigned seed = 0; seed < 8; ++seed) {
      threads.emplace_back([this, seed] {
        std::mt19937 random(seed);
        for (int time = 0; time < 1000; ++time) {
          transfer_at_random(accounts, random);
          EXPECT_EQ(total_of(accounts), all_together);
        }
      });
    }
  }
  EXPECT_EQ(total_of(accounts), all_together);
  EXPECT_THAT(accounts.picture().held, IsEmpty());
}

/// Accounts in memory that a child shares.
class SharedAccounts : public WithAccounts {
 protected:
  SharedAccounts() : accounts(*new (memory) Accounts) {}
  ~SharedAccounts() override {
    accounts.~Accounts();
    ::munmap(memory, sizeof(Accounts));
  }

  template <class Work>
  static pid_t begin_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that hangs is ended from outside, and leaves nothing behind
      work();
      ::_exit(0);
    }
    return child;
  }

  static void await(pid_t child) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
  }

  void* const memory = ::mmap(nullptr, sizeof(Accounts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Accounts& accounts;
};

TEST_F(SharedAccounts, LetALockThatAProcessHeldGoOnceItsDeathIsKnown) {
  const pid_t child = begin_child([this] {
    const Ticket ticket(accounts, "child");
    ticket.take(first);
    ::_exit(0);
  });
  await(child);
  const Ticket waiting(accounts, "parent");
  EXPECT_EQ(waiting.take(first), Turn::waiting);
  accounts.release_all_of(child);
  EXPECT_EQ(waiting.turn(), Turn::ready);
}

TEST_F(SharedAccounts, FindADeadlockBetweenProcesses) {
  const Ticket older(accounts, "parent");
  EXPECT_EQ(older.take(first), Turn::ready);
  const pid_t child = begin_child([this] {
    const Ticket younger(accounts, "child");
    younger.take(second);
    Turn turn = younger.take(first);
    while (turn == Turn::waiting)
      turn = younger.turn();
    ::_exit(turn == Turn::victim ? 0 : 1);
  });
  while (accounts.picture().held.size() < 2 || accounts.picture().held[0].waiting_total == 0)
    std::this_thread::yield();
  EXPECT_EQ(older.take(second), Turn::waiting);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "it is not told that it is the victim";
  accounts.release_all_of(child);
  EXPECT_EQ(older.turn(), Turn::ready);
  EXPECT_EQ(accounts.deadlocks().victim, "child");
}

TEST_F(SharedAccounts, KeepTheirTotalAfterWhateverInstructionSomebodyDies) {
  const auto move = [this] { accounts.move(first, second, 5); };
  move();  // once, so that the linker's work is not among the steps
  std::vector<int> changing_steps;
  {
    WatchedMemory balances(static_cast<std::byte*>(memory) + sizeof(Accounts) - WatchedMemory::size);
    SteppedChild child(move);
    for (int step = 1; child.step(); ++step) {
      if (balances.has_changed()) changing_steps.push_back(step);
    }
  }
  ASSERT_GT(changing_steps.size(), 2U);
  for (const int steps : changing_steps) {
    SteppedChild child(move);
    for (int step = 0; step < steps; ++step)
      ASSERT_TRUE(child.step());
    child.kill();
    ASSERT_EQ(total_of(accounts), all_together) << "after " << steps << " instructions";
  }
}

/// The next in line has left the queue, and does not hold the lock yet.
TEST_F(SharedAccounts, HandALockOverThoughItsHolderDiedWhileDoingSo) {
  std::optional<Ticket> holder(std::in_place, accounts, "holder");
  const Ticket next(accounts, "next");
  const Ticket last(accounts, "last");
  holder->take(first);
  next.take(first);
  last.take(first);
  SteppedChild child([&] { holder->give_back(first); });
  ASSERT_EQ(last.ahead(), 1U);
  while (last.ahead() == 1)
    ASSERT_TRUE(child.step());
  EXPECT_EQ(next.turn(), Turn::waiting);
  child.kill();
  holder.reset();
  EXPECT_EQ(next.turn(), Turn::ready);
  EXPECT_EQ(last.turn(), Turn::waiting);
}

}  // namespace
}  // namespace waitlab::server
