#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace waitlab::client {

/// Where a waitlab server says a request's time went.
struct ServerTiming {
  std::chrono::nanoseconds queue{0};
  std::chrono::nanoseconds backend{0};
  std::chrono::nanoseconds handler{0};
};

/// Reads a Server-Timing field (W3C Server Timing: `queue;dur=0.01, backend;dur=50.2`, durations in milliseconds).
/// Metrics of other names are passed over, those missing are 0. Nothing if the field holds none of the three.
std::optional<ServerTiming> parse_server_timing(std::string_view field);

/// The parts of a response time, in the order in which a request goes through them. They add up to it.
enum class Part {
  client_queue,  ///< from the intended start to the send: the client's own lag, and its waiting for a connection
  connect,       ///< connecting and the TLS handshake, where this request needed them
  server_queue,  ///< `queue` of the server's Server-Timing, as are the next two
  backend,
  handler,
  transfer,  ///< what is left: both networks, both kernels, and the whole server if it sends no Server-Timing
};
inline constexpr std::array<const char*, 6> part_names{"client_queue", "connect", "server_queue",
                                                       "backend",      "handler", "transfer"};

using TimeParts = std::array<std::chrono::nanoseconds, part_names.size()>;

/// The split of one response time. A server whose parts exceed its time in the service has the excess taken from them
/// in reverse order, so that the parts always add up and none is negative.
TimeParts split_time(std::chrono::nanoseconds client_queue, std::chrono::nanoseconds connect,
                     std::chrono::nanoseconds service, const std::optional<ServerTiming>& timing);

/// Mean parts of some requests.
struct SplitMean {
  double share = 0;  ///< of all the requests, in (0, 1]; 0 where there are none
  std::array<double, part_names.size()> part_ns{};
};

/// Sums of parts over good answers, by coarse class of response time (a quarter of an octave: 19 %), so that the
/// slow ones can be told apart. Mergeable, exact. Not thread-safe.
class SplitTally {
 public:
  /// The sums of one class.
  struct Class {
    std::uint64_t count = 0;
    std::array<std::uint64_t, part_names.size()> sum_ns{};
  };
  static constexpr std::size_t classes = 4 * 43;  ///< quarters of octaves up to 2^43 ns, over two hours
  using Sums = std::array<Class, classes>;

  SplitTally() = default;
  /// One that goes on from sums that were written down.
  SplitTally(const Sums& sums, std::uint64_t told_by_server) : classes_(sums), told_by_server_(told_by_server) {}

  void record(std::chrono::nanoseconds response_time, const TimeParts& parts, bool told_by_server) noexcept;
  void merge(const SplitTally& other) noexcept;

  std::uint64_t count() const noexcept;
  /// How many of them came with the server's own account.
  std::uint64_t told_by_server() const noexcept { return told_by_server_; }

  /// All there is to it besides `told_by_server`, class by class.
  const Sums& sums() const noexcept { return classes_; }

  SplitMean all() const noexcept;
  /// The slowest requests: at least this share of them, in (0, 1], and as few more as the classes allow.
  SplitMean slowest(double share) const noexcept;

 private:
  SplitMean mean_from(std::size_t first_class) const noexcept;

  Sums classes_{};
  std::uint64_t told_by_server_ = 0;
};

}  // namespace waitlab::client
