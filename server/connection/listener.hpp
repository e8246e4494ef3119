#pragma once

#include "common/net/socket_address.hpp"
#include "common/result.hpp"
#include "server/connection/connection.hpp"
#include "server/connection/listening_sockets.hpp"
#include "server/site/site.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

namespace waitlab::server {

/// Takes over connections that are to end, and ends them at its leisure, so that nobody who has others to see to waits
/// for a client that may still be sending. Where it has no room or means for one it leaves it, and returns false.
/// Thread-safe.
class Farewell {
 public:
  virtual ~Farewell() = default;

  /// One that may not be served: answers it 503.
  virtual bool refuse(IdleConnection& connection) = 0;
  /// One that has been told all it will be.
  virtual bool linger(IdleConnection& connection) = 0;
};

/// The listening sockets, one for each address of a name and each accept queue, that outlive the strategy that accepts
/// from them, so that strategies can be swapped without closing them: what waits in the queue of a closed one would be
/// lost. Accepting never blocks. Running out of room or of descriptors is answered with 503 and counted. Thread-safe.
class Listener {
 public:
  struct Settings {
    std::string address;
    std::uint16_t port = 0;  ///< 0: any free port
    std::uint32_t max_connections = 0;
    RequestLimits limits;
    std::uint32_t queues = 1;  ///< for each address; the kernel spreads connections among them
  };

  /// What somebody accepts.
  struct Share {
    std::optional<std::uint32_t> queue{};  ///< that accept queue's connections, by its number from 0; none: all
    int at_once = 64;  ///< connections in a turn; one where others accept from the same queue, so that a burst is
                       ///< not all theirs who come first
  };

  static constexpr std::chrono::milliseconds retry_pause{50};

  /// Listens on every address of `settings.address` that this machine has, all with the same port. `name` is the
  /// setting to blame in a failure ("listen").
  static Result<Listener> open(const std::string& name, const Settings& settings);

  /// Who sees refused connections off; call once, before anybody accepts. Must outlive the accepting.
  void refuse_by(Farewell& farewell) { farewell_ = &farewell; }
  Farewell& farewell() const noexcept { return *farewell_; }

  /// The first of them.
  const SocketAddress& address() const noexcept { return addresses_.front(); }
  const std::vector<SocketAddress>& addresses() const noexcept { return addresses_; }
  std::uint32_t queues() const noexcept { return settings_.queues; }
  std::uint32_t max_connections() const noexcept { return settings_.max_connections; }

  /// Readable while a connection waits to be accepted.
  int descriptor(const Share& share) const noexcept { return sockets_of(share).descriptor(); }
  int descriptor() const noexcept { return all_.descriptor(); }

  /// No further connection comes about from now on; those that the kernel holds already are still to be accepted. For
  /// the moment before `accept_last`. Returns false where the kernel grants no means for it.
  bool stop_handshakes();

  /// Accepts what is waiting, at most `share.at_once` connections, and gives each to `take`. Returns false if no
  /// descriptor is free even to refuse a connection: the caller then tries again after `retry_pause`, since asking
  /// at once would only spin.
  bool accept_ready(Telemetry& telemetry, Site& site, const std::function<void(IdleConnection)>& take,
                    const Share& share);
  bool accept_ready(Telemetry& telemetry, Site& site, const std::function<void(IdleConnection)>& take) {
    return accept_ready(telemetry, site, take, {});
  }

  /// Accepts all that the kernel still holds. Connections are refused from now on, and nothing waits to be accepted.
  void accept_last(Telemetry& telemetry, Site& site, const std::function<void(IdleConnection)>& take);

 private:
  /// Some of the sockets, and what is readable while a connection waits in one of them.
  class Watched {
   public:
    /// On failure errno says why.
    static std::optional<Watched> over(std::span<const FileDescriptor> sockets);

    int descriptor() const noexcept { return any_ ? any_.get() : sockets_.front(); }
    FileDescriptor accept() const noexcept;

   private:
    std::vector<int> sockets_;
    FileDescriptor any_;  ///< epoll over them, if there are several
  };

  Listener(Settings settings, std::vector<FileDescriptor> sockets, std::vector<SocketAddress> addresses, Watched all,
           std::vector<Watched> of_queue);

  /// Of a single queue there is no more than all.
  const Watched& sockets_of(const Share& share) const noexcept {
    return share.queue && !of_queue_.empty() ? of_queue_[*share.queue] : all_;
  }

  enum class Outcome { accepted, none_waiting, no_descriptor };

  Outcome accept_one(Telemetry& telemetry, Site& site, const std::function<void(IdleConnection)>& take,
                     const Watched& from);
  void regain_spare();
  Outcome refuse_with_spare(Telemetry& telemetry, Site& site, const Watched& from);
  static void refuse_at_once(const FileDescriptor& socket, Site& site);

  Settings settings_;
  std::vector<FileDescriptor> sockets_;
  std::vector<SocketAddress> addresses_;
  Watched all_;
  std::vector<Watched> of_queue_;
  Farewell* farewell_ = nullptr;

  /// Kept open so that a connection can be accepted and told, not left hanging, when no descriptor is free. Whoever
  /// accepts shares the mutex; it is held alone while the spare one is let go of.
  std::unique_ptr<std::shared_mutex> spare_mutex_ = std::make_unique<std::shared_mutex>();
  FileDescriptor spare_;
};

}  // namespace waitlab::server
