#pragma once

#include "client/theory/queueing.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

/// A server in front of the lesson's backend: what it got done, and where requests queued, on average.
struct QueueSeen {
  std::optional<double> good_per_s{};
  std::optional<Seconds> in_server{};   ///< for a thread of the server
  std::optional<Seconds> at_backend{};  ///< for its turn there
};

/// All that the lesson measures.
struct CapacitySeen {
  QueueSeen pool_of_8;
  QueueSeen pool_of_64;
  QueueSeen loop;
  std::optional<double> uncapped_pool_of_8{};  ///< requests per second, where the backend takes as many as come
  std::optional<double> uncapped_loop{};
};

/// The lesson's answer: whether the loop got at least 1.3 times what the pool of 8 did, or the reverse, or neither.
/// Empty where one was not measured.
std::string answer_of_capacity(const CapacitySeen& seen);

/// What it shows.
std::string capacity_sentences(const CapacitySeen& seen);

}  // namespace waitlab::client
