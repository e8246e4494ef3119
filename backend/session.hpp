#pragma once

#include "backend/answer.hpp"
#include "backend/hold_service.hpp"
#include "backend/profiles.hpp"
#include "backend/time_source.hpp"
#include "common/http/request_parser.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace waitlab::backend {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// One client's connection: its requests are answered in order, one at a time. A client that leaves while its request
/// is held gives up its hold; closing only the sending side counts as leaving. Runs on the loop's thread and lives
/// until it is closed and its last operation has ended.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// What a session needs of the program; all of it must outlive the session's use.
  struct Context {
    TimeSource& time;
    Profiles& profiles;
    const ConnectionCounts& connections;
    std::function<void(Session&)> closed;  ///< called once, when the connection is closed
  };

  Session(Socket socket, const Context& context);

  void start();

  /// Closes once the request that is in progress, has come or has begun is answered; at once if there is none.
  void drain();

  /// Closes now and gives up the request in progress.
  void close();

 private:
  void read();
  void on_read(const boost::system::error_code& error, std::size_t bytes);
  void watch_for_end();
  void go_on();
  void serve_next();
  bool waits_to_be_asked() const;
  void ask_for_body();
  void on_asked();
  void serve(const Request& request);
  Answer answer_to(const Request& request) const;
  Answer answer_to_profile(const Request& request) const;
  void hold(const Request& request);
  void answer_hold(const HoldRecord& record);
  void send(const Answer& answer);
  std::size_t begin_answer(const Answer& answer);
  void send_up_to(std::size_t end, void (Session::*then)());
  void drip();
  void on_sent();
  void reset();
  void leave();
  void end();
  void linger();
  bool has_unread_bytes() const;

  Socket socket_;
  const Context& context_;
  RequestParser parser_;
  std::array<char, 4096> chunk_;
  std::string unread_;  ///< bytes that arrived but were not parsed yet
  std::string out_;
  std::size_t sent_ = 0;  ///< of `out_`
  Framing framing_;
  HoldService* holds_ = nullptr;         ///< where `hold_` is
  std::optional<HoldService::Id> hold_;  ///< the request that is held
  std::chrono::nanoseconds drip_pause_{0};
  std::unique_ptr<Timer> drip_timer_;
  std::unique_ptr<Timer> timer_;  ///< until it is looked whether the client has left, or the lingering ends
  bool reading_ = false;
  bool asked_ = false;  ///< the client has been asked for the body
  bool busy_ = false;   ///< a request is being held or its answer sent
  bool draining_ = false;
  std::optional<TimeSource::TimePoint> lingers_until_;  ///< at the latest, once the last answer has been sent
};

}  // namespace waitlab::backend
