#include "server/counts/counts.hpp"

#include <numeric>
#include <span>

namespace waitlab::server {

namespace {

static_assert(sizeof(Counts) % sizeof(std::uint64_t) == 0);
constexpr std::size_t words = sizeof(Counts) / sizeof(std::uint64_t);

/// The counts as the numbers they are.
std::span<std::uint64_t, words> words_of(Counts& counts) {
  return std::span<std::uint64_t, words>(reinterpret_cast<std::uint64_t*>(&counts), words);
}

/// What others may be adding to.
Counts read(Counts& counts) {
  Counts seen;
  const auto from = words_of(counts);
  const auto to = words_of(seen);
  for (std::size_t index = 0; index < words; ++index)
    to[index] = std::atomic_ref(from[index]).load(std::memory_order_relaxed);
  return seen;
}

}  // namespace

template <class Label, std::size_t N>
std::uint64_t CountFamily<Label, N>::total() const noexcept {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

template struct CountFamily<Refusal, refusal_names.size()>;
template struct CountFamily<Rejection, rejection_names.size()>;
template struct CountFamily<StatusClass, status_class_names.size()>;

Counts& Counts::operator+=(const Counts& other) noexcept {
  Counts added = other;
  const auto from = words_of(added);
  const auto to = words_of(*this);
  for (std::size_t index = 0; index < words; ++index)
    to[index] += from[index];
  return *this;
}

Counts ShardedCounts::total() const noexcept {
  Counts total;
  for (Shard& shard : shared().each)
    total += read(shard.counts);
  return total;
}

Counts ShardedCounts::of_worker(std::size_t number) const noexcept {
  return read(shared().each[shard_of(number)].counts);
}

}  // namespace waitlab::server
