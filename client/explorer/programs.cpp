#include "client/explorer/programs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client::explorer {
namespace {

constexpr unsigned backing_off_steps = 40;
constexpr unsigned steps_of_a_polite_philosopher = 20;

ThreadSteps load_and_store(Variable counter, unsigned increments, Addition addition) {
  for (unsigned i = 0; i < increments; ++i) {
    const Value seen = co_await load(counter);
    if (addition == Addition::a_step) co_await compute("add 1");
    co_await store(counter, seen + 1);
  }
}

ThreadSteps load_and_store_locked(Variable counter, Lock guard, unsigned increments, Addition addition) {
  for (unsigned i = 0; i < increments; ++i) {
    co_await lock(guard);
    const Value seen = co_await load(counter);
    if (addition == Addition::a_step) co_await compute("add 1");
    co_await store(counter, seen + 1);
    co_await unlock(guard);
  }
}

ThreadSteps add_atomically(Variable counter, unsigned increments) {
  for (unsigned i = 0; i < increments; ++i)
    co_await add(counter, 1);
}

ThreadSteps take_seat(Variable seats) {
  const Value free_seats = co_await load(seats);
  if (free_seats > 0) co_await add(seats, -1);
}

ThreadSteps take_seat_locked(Variable seats, Lock guard) {
  co_await lock(guard);
  const Value free_seats = co_await load(seats);
  if (free_seats > 0) co_await add(seats, -1);
  co_await unlock(guard);
}

ThreadSteps take_seat_seen(Variable seats) {
  for (;;) {
    const Value seen = co_await load(seats);
    if (seen <= 0) co_return;
    const Value taken = co_await compare_exchange(seats, seen, seen - 1);
    if (taken != 0) co_return;
  }
}

/// What a thread does with both of its locks.
enum class Use { nothing, eating };

ThreadSteps hold_both(Lock first, Lock second, Use use) {
  co_await lock(first);
  co_await lock(second);
  if (use == Use::eating) co_await compute("eat");
  co_await unlock(second);
  co_await unlock(first);
}

ThreadSteps hold_both_or_neither(Lock first, Lock second, Use use) {
  for (;;) {
    co_await lock(first);
    const Value taken = co_await try_lock(second);
    if (taken != 0) break;
    co_await unlock(first);
    co_await pause();
  }
  if (use == Use::eating) co_await compute("eat");
  co_await unlock(second);
  co_await unlock(first);
}

/// A program whose counter is to end at the number of all increments.
Program counting_program(const char* name, const Increments& size) {
  Program program(name);
  const Value all = Value{size.threads} * size.increments;
  program.expect([all](const std::vector<Value>& values) { return values[0] == all; });
  return program;
}

void add_threads(Program& program, unsigned count, const ThreadFunction& function) {
  for (unsigned i = 0; i < count; ++i)
    program.thread(function);
}

}  // namespace

Program lost_update(const Increments& size, Addition addition) {
  Program program = counting_program("lost update", size);
  const Variable counter = program.variable("counter", 0);
  add_threads(program, size.threads, [=] { return load_and_store(counter, size.increments, addition); });
  return program;
}

Program locked_update(const Increments& size, Addition addition) {
  Program program = counting_program("update under a lock", size);
  const Variable counter = program.variable("counter", 0);
  const Lock guard = program.lock("m");
  add_threads(program, size.threads, [=] { return load_and_store_locked(counter, guard, size.increments, addition); });
  return program;
}

Program atomic_update(const Increments& size) {
  Program program = counting_program("atomic update", size);
  const Variable counter = program.variable("counter", 0);
  add_threads(program, size.threads, [=] { return add_atomically(counter, size.increments); });
  return program;
}

Program check_then_act(Guard guard, unsigned threads) {
  Program program("check, then act");
  const Variable seats = program.variable("seats", 1);
  program.expect([](const std::vector<Value>& values) { return values[0] >= 0; });
  switch (guard) {
    case Guard::none:
      add_threads(program, threads, [=] { return take_seat(seats); });
      break;
    case Guard::lock: {
      const Lock mutex = program.lock("m");
      add_threads(program, threads, [=] { return take_seat_locked(seats, mutex); });
      break;
    }
    case Guard::compare_exchange:
      add_threads(program, threads, [=] { return take_seat_seen(seats); });
      break;
  }
  return program;
}

Program crossed_locks() {
  Program program("two locks, crossed");
  const Lock a = program.lock("a");
  const Lock b = program.lock("b");
  program.thread([=] { return hold_both(a, b, Use::nothing); });
  program.thread([=] { return hold_both(b, a, Use::nothing); });
  return program;
}

Program ordered_locks() {
  Program program("two locks, in order");
  const Lock a = program.lock("a");
  const Lock b = program.lock("b");
  add_threads(program, 2, [=] { return hold_both(a, b, Use::nothing); });
  return program;
}

Program backing_off_locks() {
  Program program("two locks, with back-off");
  const Lock a = program.lock("a");
  const Lock b = program.lock("b");
  program.thread([=] { return hold_both_or_neither(a, b, Use::nothing); });
  program.thread([=] { return hold_both_or_neither(b, a, Use::nothing); });
  program.limit_steps(backing_off_steps);
  return program;
}

Program dining_philosophers(unsigned philosophers, Manners manners) {
  Program program(fmt::format("{} philosophers", philosophers));
  std::vector<Lock> forks;
  for (unsigned i = 0; i < philosophers; ++i)
    forks.push_back(program.lock(fmt::format("f{}", i)));
  for (unsigned i = 0; i < philosophers; ++i) {
    const Lock left = forks[i];
    const Lock right = forks[(i + 1) % philosophers];
    switch (manners) {
      case Manners::left_first:
        program.thread([=] { return hold_both(left, right, Use::eating); });
        break;
      case Manners::ordered:
        program.thread([=] {
          return left.index < right.index ? hold_both(left, right, Use::eating) : hold_both(right, left, Use::eating);
        });
        break;
      case Manners::put_back:
        program.thread([=] { return hold_both_or_neither(left, right, Use::eating); });
        break;
    }
  }
  if (manners == Manners::put_back) program.limit_steps(steps_of_a_polite_philosopher * philosophers);
  return program;
}

}  // namespace waitlab::client::explorer
