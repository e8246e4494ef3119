#pragma once

#include "client/engine/load_run.hpp"
#include "client/engine/target.hpp"
#include "common/http/response_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// The running sums of the weights. Each weight is above 0.
std::vector<double> cumulative_weights(std::span<const double> weights);

/// Which of the weighted kinds of request number n is: each with the probability of its share of the last sum. A pure
/// function of its arguments, so the requests are the same whatever thread sends them, and independent of the arrivals'
/// draws of the same seed. `cumulative` rises and is not empty. Allocates nothing.
std::size_t choose_target(std::span<const double> cumulative, std::uint64_t seed, std::uint64_t n) noexcept;

/// The bytes of every request of one kind, made once; only the number in X-Request-Id changes: `<seed in hex>-<n in 12
/// digits>`, a pure function of (seed, n). Not thread-safe: each load thread has its copy.
class RequestText {
 public:
  /// Fields of the request replace those of the same name that the options give for all. CONNECT asks for the target's
  /// host and port, whatever the path.
  RequestText(const LoadOptions& options, const Target& target, const RequestTemplate& request);

  /// Request n, valid until the next call. Its length is the same for every n.
  std::string_view bytes(std::uint64_t n) noexcept;

  std::size_t size() const noexcept { return text_.size(); }
  /// Its response has no body.
  bool is_head() const noexcept { return is_head_; }
  /// What a response may make of its connection.
  Asked asks_for() const noexcept { return asks_for_; }
  /// It may be sent again when it is not known whether it arrived (RFC 9110 section 9.2.2).
  bool is_idempotent() const noexcept { return is_idempotent_; }
  /// No other request may follow it on its connection (RFC 9112 section 9.6).
  bool says_close() const noexcept { return says_close_; }

 private:
  void add_field(std::string_view name, std::string_view value);

  std::string text_;
  std::size_t number_at_ = 0;
  bool is_head_;
  Asked asks_for_;
  bool is_idempotent_;
  bool says_close_ = false;
};

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
