#pragma once

#include "common/asio/deadline_queue.hpp"
#include "server/io/io.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace waitlab::server {

/// Waits with an event loop: a call that would have to wait suspends its coroutine, and the loop resumes it. The thread
/// itself waits in epoll_wait and nowhere else. One LoopIo for each io_context, which must outlive it; all of it,
/// sockets and calls included, belongs to the thread that runs that io_context.
class LoopIo : public Io {
 public:
  explicit LoopIo(boost::asio::io_context& context) : context_(context), timer_(context) {}

  std::unique_ptr<Socket> wrap(FileDescriptor descriptor) override;
  bool begin(Call& call) override;
  void park(Call& call) override;
  std::unique_ptr<Gathering> gather() override;

 private:
  class LoopSocket;
  struct Sleep;

  bool has_ended(Call& call);
  void go_on(Call& call, std::error_code waited);
  void sleep(Call& call);
  void arm_timer();

  boost::asio::io_context& context_;
  DeadlineQueue deadlines_;
  boost::asio::steady_timer timer_;
};

/// An event loop and the Io that waits on it. Must outlive every socket made on it. One thread runs it.
struct Loop {
  boost::asio::io_context context{1};
  LoopIo io{context};
};

}  // namespace waitlab::server
