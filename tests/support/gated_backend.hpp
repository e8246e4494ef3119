#pragma once

#include "common/http/request.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace waitlab {

/// A backend for tests that answers a request only when the test lets it: no clock, so a test decides what waits and
/// for how long. Serves on a free port of 127.0.0.1 with a thread for each connection. The public members are
/// thread-safe.
class GatedBackend {
 public:
  GatedBackend();
  ~GatedBackend();
  GatedBackend(const GatedBackend&) = delete;
  GatedBackend& operator=(const GatedBackend&) = delete;

  std::uint16_t port() const { return port_; }
  std::string address() const;

  /// Blocks until that many requests have arrived since the start. Throws std::runtime_error after half a minute.
  void wait_for_arrivals(std::size_t count);

  /// Lets the next `count` requests, in the order they arrived, be answered.
  void release(std::size_t count);

  /// Lets every request be answered from now on.
  void open();

  /// Answers the request that arrives in that place, counted from 1, with 500 when it is let go.
  void fail(std::size_t place);

  /// Answers from now on with exactly these bytes.
  void answer_with(std::string bytes);

  /// Closes each connection after its next answer, without saying so in the answer.
  void close_after_answering();

  /// Sends bytes that nobody has asked for on every connection that is open.
  void send_unasked(const std::string& bytes);

  /// Ends its side of every connection that is open; what is closed on the other side as well counts as closed.
  void stop_sending();
  void wait_for_closed(std::size_t count);

  std::size_t connections();
  /// The X-Request-Id of each request, in the order they arrived.
  std::vector<std::string> arrivals();
  /// The target of each, in the same order.
  std::vector<std::string> targets();

 private:
  struct Client {
    int socket;
    std::thread thread;
  };

  void accept_all();
  void serve(int socket);
  bool hold_and_answer(int socket, const Request& request);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::vector<std::string> arrivals_;
  std::vector<std::string> targets_;
  std::size_t released_ = 0;
  std::set<std::size_t> failing_;
  std::string answer_;  ///< empty: a response of its own
  bool open_ = false;
  bool closes_ = false;
  bool ended_ = false;
  std::size_t closed_ = 0;
  std::list<Client> clients_;
  std::thread acceptor_;
};

}  // namespace waitlab
