#pragma once

#include "common/facts/strategy_facts.hpp"

namespace waitlab::client {

/// The facts of strategies that no server has: what is said of them can follow from nothing else.

/// A pool of threads with a queue.
inline StrategyFacts pool_facts(unsigned threads, unsigned queue) {
  return {.worker = Worker::thread,
          .workers = threads,
          .holds_worker = true,
          .at_once = threads,
          .queue = queue,
          .size_key = "strategies.tortoise.legs",
          .description = "legs, and a queue"};
}

/// A thread made for each request, up to `threads` at once.
inline StrategyFacts anew_facts(unsigned threads) {
  return {.worker = Worker::thread,
          .workers = threads,
          .holds_worker = true,
          .at_once = threads,
          .queue = {},
          .size_key = "strategies.hare.most",
          .description = "a new leg for each request"};
}

/// A thread that requests do not keep while they wait.
inline StrategyFacts loop_facts() {
  return {.worker = Worker::loop, .workers = 1, .description = "one thread"};
}

}  // namespace waitlab::client
