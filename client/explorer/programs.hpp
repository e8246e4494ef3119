#pragma once

#include "client/explorer/program.hpp"

namespace waitlab::client::explorer {

/// The programs of the lessons. In each, all threads do the same unless it says otherwise.

struct Increments {
  unsigned threads = 2;     ///< at least 1
  unsigned increments = 1;  ///< of each thread, at least 1
};

enum class Addition {
  a_step,       ///< load, add, store: with one increment of two threads C(6,3) = 20 interleavings
  in_register,  ///< load, store: nothing can be seen between the load and the addition; C(4,2) = 6, of five C(20,10)
};

/// `++counter` as a processor does it without an atomic instruction. Right: no increment is lost.
Program lost_update(const Increments& size, Addition addition = Addition::a_step);
/// The same with a lock around each increment.
Program locked_update(const Increments& size, Addition addition = Addition::a_step);
/// The same with one atomic fetch-and-add for each increment.
Program atomic_update(const Increments& size);

enum class Guard {
  none,             ///< the check and the act are each atomic, and nothing holds them together
  lock,             ///< both under a lock
  compare_exchange  ///< the act succeeds only where what was checked still holds, else it is checked again
};

/// `if (seats > 0) --seats`, for one seat and so many threads. Right: nobody sits on a seat that is not there.
Program check_then_act(Guard guard, unsigned threads = 2);

/// Two threads, each of which takes one lock, takes the other and releases the second and the first. Thread 0 begins
/// with a and thread 1 with b: the shortest form of a deadlock by locks.
Program crossed_locks();
/// Both take a first.
Program ordered_locks();
/// As `crossed_locks`, but a thread that cannot have its second lock at once releases its first, pauses, and begins
/// again: no deadlock, but a livelock for as long as both do so in step, as by the schedule 010101…. Cut off after 40
/// steps.
Program backing_off_locks();

enum class Manners {
  left_first,  ///< the left fork, then the right one: all may hold a left fork and wait for each other
  ordered,     ///< the fork of the lower number first
  put_back     ///< the left fork, and back with it, and a pause, if the right one is taken: livelock
};

/// Philosophers around a table, at least 2, each of whom eats once (Dijkstra, EWD 310, 1971, retold by Hoare). Fork n
/// is left of philosopher n. With `put_back` cut off after 20 steps for each.
Program dining_philosophers(unsigned philosophers, Manners manners);

}  // namespace waitlab::client::explorer
