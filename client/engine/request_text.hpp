#pragma once

#include "client/engine/load_options.hpp"
#include "client/engine/target.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The bytes of every request of a run, made once; only the number in X-Request-Id changes: `<seed in hex>-<n in 12
/// digits>`, a pure function of (seed, n). Not thread-safe: each load thread has its copy.
class RequestText {
 public:
  RequestText(const LoadOptions& options, const Target& target);

  /// Request n, valid until the next call. Its length is the same for every n.
  std::string_view bytes(std::uint64_t n) noexcept;

  std::size_t size() const noexcept { return text_.size(); }

 private:
  void add_field(std::string_view name, std::string_view value);

  std::string text_;
  std::size_t number_at_ = 0;
};

}  // namespace waitlab::client
