#pragma once

#include "common/net/file_descriptor.hpp"
#include "tests/support/tls_peer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace waitlab {

/// A request as the scripted server saw it.
struct SeenRequest {
  std::string text;            ///< its head, as it came
  unsigned number = 0;         ///< how many came before it, on all connections
  unsigned on_connection = 0;  ///< how many came before it on its connection
};

/// What the scripted server does with a request.
struct ScriptedAnswer {
  enum class Then {
    keep,
    close,
    cut,  ///< close without TLS's close_notify
    reset,
    stall
  };

  std::string bytes;
  Then then = Then::keep;
};

/// An HTTP server for tests, with or without TLS, on a port of its own, whose every answer is scripted down to the
/// byte. Blocking, a thread for each connection. The script is called by one thread at a time. Requests must have no
/// body.
class ScriptedServer {
 public:
  using Script = std::function<ScriptedAnswer(const SeenRequest&)>;

  explicit ScriptedServer(Script script, const char* address = "127.0.0.1");
  ScriptedServer(Script script, const TlsPeerContext& tls);
  ~ScriptedServer();

  std::uint16_t port() const noexcept { return port_; }
  std::string url(const std::string& path = "/") const;
  /// The requests that have come so far.
  std::vector<SeenRequest> requests() const;
  /// How many connections it has accepted so far.
  std::size_t connections() const noexcept { return accepted_; }

 private:
  class Stream;

  ScriptedServer(Script script, const char* address, std::optional<TlsPeerContext> tls);
  void accept_all();
  void serve(int socket);
  bool answer(Stream& stream, std::string head, unsigned on_connection);

  Script script_;
  std::optional<TlsPeerContext> tls_;
  std::string address_;
  std::uint16_t port_ = 0;
  FileDescriptor listener_;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> requests_;
  std::list<FileDescriptor> sockets_;
  std::atomic<std::size_t> accepted_ = 0;
  std::vector<std::jthread> workers_;
  std::jthread acceptor_;
};

/// A small good response.
ScriptedAnswer ok_answer();

/// The script that gives it to every request.
ScriptedAnswer always_ok(const SeenRequest& request);

}  // namespace waitlab
