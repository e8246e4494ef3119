#pragma once

#include "client/engine/request_text.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace waitlab::client {

/// The kinds of requests of a run: those of its mix, or the one it has. Not thread-safe: each load thread has its copy.
class RequestTexts {
 public:
  RequestTexts(const LoadOptions& options, const Target& target);

  /// Which kind request n is, a pure function of the run's seed and n.
  std::size_t choose(std::uint64_t n) const noexcept;
  RequestText& operator[](std::size_t kind) noexcept { return texts_[kind]; }

 private:
  std::vector<RequestText> texts_;
  std::vector<double> cumulative_weights_;
  std::uint64_t seed_;
};

/// The mix, which is never empty: without one, it is the request that the other options describe. Each has its path, if
/// only that of the URL.
std::vector<RequestTemplate> request_mix(const LoadOptions& options, const Target& target);

}  // namespace waitlab::client
