#pragma once

#include "client/advice/advice.hpp"

#include <chrono>
#include <cmath>
#include <vector>

namespace waitlab::client {

/// Invented strategies, one of each kind and two that are never advised.
inline std::vector<NamedStrategy> known_strategies() {
  const StrategyFacts pool{
      .worker = Worker::thread, .workers = 8, .holds_worker = true, .at_once = 8, .queue = 9, .size_key = "herd.cows"};
  StrategyFacts growing = pool;
  growing.core = 1;
  return {{"calves", growing},
          {"herd", pool},
          {"donkey", {.worker = Worker::loop, .workers = 1}},
          {"mules", {.worker = Worker::loop, .workers = 2, .size_key = "mules.many"}},
          {"team", {.worker = Worker::loop, .workers = 1, .size_key = "team.oxen", .pool = 4}},
          {"ponies", {.worker = Worker::loop, .workers = 2, .size_key = "ponies.many"}}};
}

/// 400/s at exponential holds of 50 ms on average, on 2 CPUs with threads to spare.
inline AdviceLoad load_with_p99(std::chrono::duration<double> limit, double rate = 400) {
  AdviceLoad load;
  load.rate = rate;
  load.slo = "p99<limit";
  load.goal = {.quantile = 0.99, .limit = limit};
  load.cpus = 2;
  load.strategies = choose_strategies(known_strategies()).value();
  load.thread_limit = 10'000;
  return load;
}

inline HoldLaw hold_of(const DelayProfile::Delay& delay) {
  DelayProfile profile;
  profile.delay = delay;
  prepare_delay_profile(profile, "").value();
  return HoldLaw::of(profile.delay).value();
}

}  // namespace waitlab::client
