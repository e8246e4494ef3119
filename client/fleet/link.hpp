#pragma once

#include "client/fleet/frame.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace waitlab::client::fleet {

/// How often each side lets the other hear of it, and how long without that makes it lost.
inline constexpr std::chrono::milliseconds ping_interval{500};
inline constexpr std::chrono::seconds longest_silence{10};

/// One end of a connection between a collector and a worker: texts go and come in frames. Used by the thread of its
/// io_context. Owned by a shared pointer, as what is under way keeps it.
class Link : public std::enable_shared_from_this<Link> {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using Clock = std::chrono::steady_clock;

  /// What to do with a text that came; and, once, when the connection ended by itself: with why, for people.
  struct Events {
    std::function<void(const std::string& text)> on_text;
    std::function<void(const std::string& why)> on_end;
  };

  /// `longest`: of a text that is taken, in bytes.
  Link(Socket socket, std::size_t longest);

  /// Begins to read.
  void start(Events events);
  /// From now on it is others who hear of it.
  void hand_over(Events events) { events_ = std::move(events); }
  /// Longer texts are taken from now on.
  void allow(std::size_t longest) { reader_.allow(longest); }
  /// Sends after what was sent before. Nothing once it is closed. If the other side takes nothing for so long that
  /// what waits is more than 64 MiB, the connection ends.
  void send(const std::string& text);
  /// Ends the connection now; no event follows. What was sent and is not gone by then is lost.
  void close();
  /// The same once all that was sent is gone.
  void close_after_sending();

  Clock::time_point last_heard() const noexcept { return last_heard_; }
  std::uint64_t bytes_in() const noexcept { return bytes_in_; }
  /// The address of the other side, as it was when the connection was made.
  const std::string& peer() const noexcept { return peer_; }

 private:
  void read_more();
  void take(std::size_t bytes);
  void write_more();
  void end(const std::string& why);

  Socket socket_;
  std::string peer_;
  FrameReader reader_;
  Events events_;
  std::array<char, 16384> piece_{};
  std::deque<std::string> frames_;  ///< to be sent, the first under way
  std::size_t waiting_bytes_ = 0;   ///< of all frames
  Clock::time_point last_heard_ = Clock::now();
  std::uint64_t bytes_in_ = 0;
  bool closed_ = false;
  bool closing_ = false;  ///< once all is sent
};

}  // namespace waitlab::client::fleet
