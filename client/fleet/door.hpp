#pragma once

#include "client/fleet/link.hpp"
#include "client/fleet/message.hpp"
#include "common/net/socket_address.hpp"
#include "common/result.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace waitlab::client::fleet {

/// Where workers come in: each has to say who it is, and to prove that it may, in one short message and a few seconds.
/// Whoever does not is turned away and counted. Used by the thread of its io_context, which it must outlive.
class Door {
 public:
  /// A worker has shown who it is: takes its link over, or says why it has no part in this.
  using OnWorker = std::function<Result<void>(const std::shared_ptr<Link>& link, const Registration& who)>;
  /// Somebody was turned away, who, and why: for people.
  using OnRefused = std::function<void(const std::string& who, const std::string& why)>;

  /// Listens at the address; its port 0 stands for any that is free. Failure: it cannot be had.
  static Result<std::unique_ptr<Door>> open(boost::asio::io_context& io, const SocketAddress& address,
                                            std::string token, OnWorker on_worker, OnRefused on_refused);

  /// Where it listens: "127.0.0.1:7411".
  std::string address() const;
  /// Turns away those who have not shown in time who they are. To be called every now and then.
  void look_after(Link::Clock::time_point now);
  /// How many were turned away, by why in a word or two.
  const std::map<std::string, std::uint64_t>& refused() const noexcept { return refused_; }

 private:
  /// Somebody who has not shown who they are.
  struct Stranger {
    std::shared_ptr<Link> link;
    std::string nonce;
    Link::Clock::time_point since;
  };
  using Strangers = std::list<Stranger>;
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using Timer = boost::asio::basic_waitable_timer<Link::Clock, boost::asio::wait_traits<Link::Clock>,
                                                  boost::asio::io_context::executor_type>;

  Door(Acceptor acceptor, std::string token, OnWorker on_worker, OnRefused on_refused);

  void accept_next();
  void accept_later();
  void meet(Link::Socket socket);
  void hear(Strangers::iterator stranger, const std::string& text);
  /// Nothing is wrong with it if that is empty.
  struct Verdict {
    std::string kind;  ///< what it is counted as
    std::string why;
  };
  Verdict judge(const Stranger& stranger, const Registration& who) const;
  void refuse(Strangers::iterator stranger, const std::string& who, const Verdict& verdict);

  Acceptor acceptor_;
  Timer pause_;  ///< before the next is let in where this machine could not
  std::string token_;
  OnWorker on_worker_;
  OnRefused on_refused_;
  Strangers strangers_;
  std::map<std::string, std::uint64_t> refused_;
};

}  // namespace waitlab::client::fleet
