#include "server/accounts/lock_table.hpp"

#include "tests/unit/server/accounts/stepped_child.hpp"

#include <gmock/gmock.h>

#include <sys/mman.h>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Turn = LockTable::Turn;

class LockTableTest : public testing::Test {
 protected:
  using Ticket = LockTable::Ticket;

  static constexpr LockTable::Lock a = 0;
  static constexpr LockTable::Lock b = 1;
  static constexpr LockTable::Lock c = 2;
  static constexpr LockTable::Lock d = 3;
  static constexpr pid_t here = 100;
  static constexpr pid_t there = 200;

  /// A ticket that holds the lock.
  Ticket holder(LockTable::Lock lock, pid_t process = here) {
    const Ticket ticket = *table.begin("", process);
    EXPECT_TRUE(table.take_if_free(ticket, lock));
    return ticket;
  }

  /// One that waits for it and holds nothing.
  Ticket waiter(LockTable::Lock lock, pid_t process = here) {
    const Ticket ticket = *table.begin("", process);
    EXPECT_FALSE(table.take(ticket, lock));
    EXPECT_EQ(table.turn(ticket), Turn::waiting);
    return ticket;
  }

  std::vector<int> cycle(const LockTable::Cycle& found) const { return {found.begin(), found.end()}; }
  std::vector<Ticket> queue(LockTable::Lock lock) const { return table.first_waiting(lock, 100); }

  const std::unique_ptr<LockTable> memory = std::make_unique_for_overwrite<LockTable>();
  LockTable& table = *memory;
};

TEST_F(LockTableTest, GivesALockToTheFirstWhoTakesIt) {
  const Ticket first = holder(a);
  EXPECT_EQ(table.turn(first), Turn::ready);
  EXPECT_EQ(table.holder(a), first);
  EXPECT_FALSE(table.take_if_free(*table.begin("", here), a));
  EXPECT_EQ(table.holder(b), std::nullopt);
}

TEST_F(LockTableTest, HandsALockOverInTheOrderOfTheWaits) {
  const Ticket first = holder(a);
  const Ticket second = waiter(a);
  const Ticket third = waiter(a);
  EXPECT_EQ(table.waiting(a), 2U);
  EXPECT_EQ(table.ahead(second), 0U);
  EXPECT_EQ(table.ahead(third), 1U);
  table.give_back(first, a);
  EXPECT_EQ(table.holder(a), second);
  EXPECT_EQ(table.turn(second), Turn::ready);
  EXPECT_EQ(table.turn(third), Turn::waiting);
  EXPECT_EQ(table.ahead(third), 0U);
  table.end(second);
  EXPECT_EQ(table.holder(a), third);
  table.end(third);
  EXPECT_EQ(table.holder(a), std::nullopt);
}

TEST_F(LockTableTest, ForgetsAWaitThatIsGivenUp) {
  const Ticket first = holder(a);
  const Ticket second = waiter(a);
  const Ticket third = waiter(a);
  const Ticket fourth = waiter(a);
  table.end(third);
  EXPECT_THAT(queue(a), ElementsAre(second, fourth));
  table.end(fourth);
  EXPECT_THAT(queue(a), ElementsAre(second));
  table.end(second);
  EXPECT_THAT(queue(a), IsEmpty());
  table.end(first);
  EXPECT_EQ(table.holder(a), std::nullopt);
}

TEST_F(LockTableTest, FindsACycleOfTwoAndMakesTheYoungestItsVictim) {
  const Ticket older = holder(a);
  const Ticket younger = holder(b);
  EXPECT_FALSE(table.take(older, b));
  const auto deadlock = table.take(younger, a);
  ASSERT_TRUE(deadlock);
  EXPECT_EQ(deadlock->victim, younger);
  EXPECT_THAT(cycle(deadlock->cycle), ElementsAre(a, b));
  EXPECT_EQ(table.turn(younger), Turn::victim);
  EXPECT_THAT(queue(a), IsEmpty()) << "a victim does not wait";
  EXPECT_EQ(table.turn(older), Turn::waiting);
  table.end(younger);
  EXPECT_EQ(table.turn(older), Turn::ready);
  EXPECT_EQ(table.holder(b), older);
}

TEST_F(LockTableTest, MakesTheYoungestTheVictimEvenIfItWaitsAlready) {
  const Ticket older = holder(a);
  const Ticket younger = holder(b);
  EXPECT_FALSE(table.take(younger, a));
  const auto deadlock = table.take(older, b);
  ASSERT_TRUE(deadlock);
  EXPECT_EQ(deadlock->victim, younger);
  EXPECT_EQ(table.turn(younger), Turn::victim);
  EXPECT_THAT(cycle(table.cycle(younger)), ElementsAre(a, b));
  EXPECT_THAT(queue(a), IsEmpty());
  EXPECT_EQ(table.turn(older), Turn::waiting);
  table.end(younger);
  EXPECT_EQ(table.holder(b), older);
}

TEST_F(LockTableTest, TellsACycleOfThreeInItsOrderFromItsLowestLockOn) {
  const Ticket oldest = holder(c);
  const Ticket second = holder(a);
  const Ticket third = holder(b);
  EXPECT_FALSE(table.take(third, a));
  EXPECT_FALSE(table.take(oldest, b));
  const auto deadlock = table.take(second, c);
  ASSERT_TRUE(deadlock);
  EXPECT_EQ(deadlock->victim, third);
  // Whoever holds a waits for c, whoever holds c for b, and whoever holds b for a.
  EXPECT_THAT(cycle(deadlock->cycle), ElementsAre(a, c, b));
}

TEST_F(LockTableTest, TakesAChainThatDoesNotCloseForNone) {
  const Ticket first = holder(a);
  const Ticket second = holder(b);
  const Ticket third = holder(c);
  EXPECT_FALSE(table.take(first, b));
  EXPECT_FALSE(table.take(second, c));
  EXPECT_FALSE(table.take(third, d));
  EXPECT_EQ(table.turn(third), Turn::ready);
  table.end(third);
  EXPECT_EQ(table.holder(c), second);
  table.end(second);
  EXPECT_EQ(table.holder(b), first);
}

TEST_F(LockTableTest, KeepsTwoCyclesApart) {
  const Ticket first = holder(a);
  const Ticket second = holder(b);
  const Ticket third = holder(c);
  const Ticket fourth = holder(d);
  EXPECT_FALSE(table.take(first, b));
  EXPECT_FALSE(table.take(third, d));
  const auto one = table.take(second, a);
  const auto other = table.take(fourth, c);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->victim, second);
  EXPECT_EQ(other->victim, fourth);
  EXPECT_EQ(table.turn(second), Turn::victim);
  EXPECT_EQ(table.turn(fourth), Turn::victim);
  EXPECT_THAT(cycle(one->cycle), ElementsAre(a, b));
  EXPECT_THAT(cycle(other->cycle), ElementsAre(c, d));
  table.end(second);
  EXPECT_EQ(table.turn(first), Turn::ready);
  EXPECT_EQ(table.turn(third), Turn::waiting);
}

/// It waits for what is in a cycle, without being in it.
TEST_F(LockTableTest, SparesWhoeverWaitsOutsideTheCycleHoweverYoung) {
  const Ticket older = holder(a);
  const Ticket younger = holder(b);
  EXPECT_FALSE(table.take(older, b));
  const Ticket youngest = waiter(b);
  const auto deadlock = table.take(younger, a);
  ASSERT_TRUE(deadlock);
  EXPECT_EQ(deadlock->victim, younger);
  EXPECT_EQ(table.turn(youngest), Turn::waiting);
  table.end(younger);
  EXPECT_EQ(table.holder(b), older);
  EXPECT_THAT(queue(b), ElementsAre(youngest));
}

/// Between being made the victim and giving back what it holds it blocks others, and closes no further cycle.
TEST_F(LockTableTest, LetsOthersWaitForAVictim) {
  const Ticket older = holder(a);
  const Ticket victim = holder(b);
  EXPECT_FALSE(table.take(older, b));
  EXPECT_TRUE(table.take(victim, a));
  const Ticket other = holder(c);
  EXPECT_FALSE(table.take(other, b));
  table.end(victim);
  EXPECT_EQ(table.holder(b), older);
  EXPECT_THAT(queue(b), ElementsAre(other));
}

TEST_F(LockTableTest, HasRoomForSoManyTicketsAndUsesItAgain) {
  std::vector<Ticket> tickets;
  while (const auto ticket = table.begin("", here))
    tickets.push_back(*ticket);
  EXPECT_EQ(tickets.size(), LockTable::most_tickets);
  table.end(tickets[7]);
  const auto again = table.begin("again", here);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, tickets[7]);
  EXPECT_EQ(table.name(*again), "again");
  EXPECT_FALSE(table.begin("", here));
}

TEST_F(LockTableTest, TakesATicketOnAUsedPlaceForTheYoungest) {
  const Ticket gone = *table.begin("", here);
  const Ticket older = holder(a);
  table.end(gone);
  const Ticket younger = holder(b);
  ASSERT_EQ(younger, gone);
  EXPECT_FALSE(table.take(younger, a));
  const auto deadlock = table.take(older, b);
  ASSERT_TRUE(deadlock);
  EXPECT_EQ(deadlock->victim, younger);
}

TEST_F(LockTableTest, CutsOffANameThatIsTooLong) {
  const Ticket ticket = *table.begin(std::string(200, 'x'), here);
  EXPECT_EQ(table.name(ticket), std::string(128, 'x'));
}

TEST_F(LockTableTest, GivesBackAllThatAProcessHeldAndWaitedFor) {
  const Ticket dead = holder(a, there);
  EXPECT_TRUE(table.take_if_free(dead, b));
  const Ticket living = holder(c);
  const Ticket dead_waiter = waiter(c, there);
  const Ticket next = waiter(a);
  const Ticket last = waiter(c);
  EXPECT_EQ(table.end_all_of(there), 2U);
  EXPECT_EQ(table.holder(a), next);
  EXPECT_EQ(table.turn(next), Turn::ready);
  EXPECT_EQ(table.holder(b), std::nullopt);
  EXPECT_EQ(table.holder(c), living);
  EXPECT_THAT(queue(c), ElementsAre(last));
  EXPECT_EQ(table.end_all_of(there), 0U);
  EXPECT_EQ(*table.begin("", here), dead_waiter);
}

TEST_F(LockTableTest, IsTheSameAfterARepairWhereNothingWasAmiss) {
  const Ticket gone = *table.begin("", here);
  const Ticket first = holder(a);
  const Ticket second = waiter(a);
  const Ticket third = waiter(a);
  table.end(gone);
  table.repair();
  EXPECT_EQ(table.holder(a), first);
  EXPECT_THAT(queue(a), ElementsAre(second, third));
  EXPECT_EQ(table.waiting(a), 2U);
  table.end(first);
  EXPECT_EQ(table.holder(a), second);
  EXPECT_EQ(*table.begin("", here), first);
  EXPECT_EQ(*table.begin("", here), gone);
}

/// A table that a child changes, step by step, until it dies.
class HalfChangedTable : public LockTableTest {
 protected:
  HalfChangedTable() : shared(*new (memory_shared) LockTable) {}
  ~HalfChangedTable() override { ::munmap(memory_shared, sizeof(LockTable)); }

  /// One of each change that there is, beside what `here` holds and waits for. `dying` holds what `here` waits for.
  void change(Ticket dying) {
    shared.give_back(dying, d);
    const Ticket older = *shared.begin("older", there);
    const Ticket younger = *shared.begin("younger", there);
    shared.take(older, a);
    shared.take(younger, a);
    shared.give_back(older, a);
    shared.take(older, b);
    shared.take(younger, b);
    shared.take(older, a);  // younger is the victim
    shared.end(younger);
    const Ticket again = *shared.begin("again", there);
    shared.take(again, c);
    shared.take(older, c);
    shared.end(again);
    shared.end(older);
  }

  void* const memory_shared =
      ::mmap(nullptr, sizeof(LockTable), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  LockTable& shared;
};

TEST_F(HalfChangedTable, IsBroughtInOrderAfterAnyInstruction) {
  static_assert(std::is_trivially_copyable_v<LockTable>, "it is plain memory");
  const Ticket holding = *shared.begin("holding", here);
  const Ticket waiting = *shared.begin("waiting", here);
  shared.take(holding, c);
  shared.take(waiting, c);
  const Ticket dying = *shared.begin("dying", there);
  const Ticket next = *shared.begin("next", here);
  shared.take(dying, d);
  shared.take(next, d);
  SteppedChild child([this, dying] { change(dying); });
  WatchedMemory front(&shared);  // which has all that the few tickets are about
  int changes = 0;
  while (child.step()) {
    if (!front.has_changed()) continue;
    SCOPED_TRACE(testing::Message() << "after change " << ++changes);
    std::memcpy(static_cast<void*>(&table), &shared, sizeof table);
    table.repair();
    table.end_all_of(there);
    ASSERT_EQ(table.holder(c), holding);
    ASSERT_THAT(queue(c), ElementsAre(waiting));
    ASSERT_EQ(table.waiting(c), 1U);
    ASSERT_EQ(table.turn(waiting), Turn::waiting);
    ASSERT_EQ(table.holder(d), next);
    ASSERT_EQ(table.turn(next), Turn::ready);
    ASSERT_EQ(table.holder(a), std::nullopt);
    ASSERT_EQ(table.holder(b), std::nullopt);
    ASSERT_THAT(queue(a), IsEmpty());
    ASSERT_THAT(queue(b), IsEmpty());
    for (int count = 0; count < 3; ++count)
      ASSERT_LT(*table.begin("", here), 6) << "a place is lost";
    table.end(holding);
    ASSERT_EQ(table.turn(waiting), Turn::ready);
  }
  EXPECT_GT(changes, 50);
}

}  // namespace
}  // namespace waitlab::server
