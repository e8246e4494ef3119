#pragma once

#include "client/engine/load_options.hpp"
#include "client/engine/target.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The bytes of every request of one kind, made once; only the number in X-Request-Id changes: `<seed in hex>-<n in 12
/// digits>`, a pure function of (seed, n). Not thread-safe: each load thread has its copy.
class RequestText {
 public:
  /// Fields of the request replace those of the same name that the options give for all.
  RequestText(const LoadOptions& options, const Target& target, const RequestTemplate& request);

  /// Request n, valid until the next call. Its length is the same for every n.
  std::string_view bytes(std::uint64_t n) noexcept;

  std::size_t size() const noexcept { return text_.size(); }
  /// Its response has no body.
  bool is_head() const noexcept { return is_head_; }
  /// It may be sent again when nobody knows whether it arrived (RFC 9110 section 9.2.2).
  bool is_idempotent() const noexcept { return is_idempotent_; }
  /// No other request may follow it on its connection (RFC 9112 section 9.6).
  bool says_close() const noexcept { return says_close_; }

 private:
  void add_field(std::string_view name, std::string_view value);

  std::string text_;
  std::size_t number_at_ = 0;
  bool is_head_;
  bool is_idempotent_;
  bool says_close_ = false;
};

}  // namespace waitlab::client
