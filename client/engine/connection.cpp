#include "client/engine/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace waitlab::client {
namespace {

namespace asio = boost::asio;

ErrorKind connect_error_kind(const boost::system::error_code& error) {
  if (error == asio::error::connection_refused) return ErrorKind::connect_refused;
  if (error == asio::error::timed_out) return ErrorKind::connect_timeout;
  return ErrorKind::connect_failed;
}

}  // namespace

Connection::Connection(asio::io_context& io, const asio::ip::tcp::endpoint& server, bool keep_bodies,
                       ConnectionEvents& events)
    : socket_(io), server_(server), events_(events) {
  parser_.keep_body(keep_bodies);
}

void Connection::carry(const Attempt& attempt, RequestText& text) {
  attempt_ = attempt;
  text_ = &text;
  sent_bytes_ = 0;
  answered_ = false;
  parser_.start(text.is_head());
  if (phase_ == Phase::closed) return connect();
  phase_ = Phase::busy;
  send();
}

void Connection::drop() {
  ErrorCode ignored;
  socket_.close(ignored);
  ++socket_number_;
  phase_ = Phase::closed;
}

void Connection::connect() {
  phase_ = Phase::connecting;
  connecting_since_ = Clock::now();
  reused_ = false;
  unread_ = 0;
  sent_bytes_ = 0;
  send_error_ = {};
  ++traffic_.opened;
  ErrorCode error;
  socket_.open(server_.protocol(), error);
  if (!error) socket_.set_option(asio::ip::tcp::no_delay(true), error);
  const auto number = socket_number_;
  if (error) {
    asio::post(socket_.get_executor(), [this, number, error] {
      if (number == socket_number_) on_connect(error);
    });
    return;
  }
  socket_.async_connect(server_, [this, number](ErrorCode result) {
    if (number == socket_number_) on_connect(result);
  });
}

void Connection::on_connect(ErrorCode error) {
  if (error) {
    ++failed_connects_;
    return fail(connect_error_kind(error), error.message());
  }
  failed_connects_ = 0;
  attempt_.connect += Clock::now() - connecting_since_;
  phase_ = Phase::busy;
  send();
  read();
}

// The kernel nearly always takes a whole request at once, so it is asked directly; going through the event loop would
// cost a trip for nothing. An error is left to the pending read, which knows whether an answer came first.
void Connection::send() {
  const std::string_view rest = text_->bytes(attempt_.ticket.n).substr(sent_bytes_);
  const ssize_t count = ::send(socket_.native_handle(), rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0 && errno != EAGAIN && errno != EINTR) {
    send_error_ = {errno, boost::system::system_category()};
    return;
  }
  if (count > 0) {
    sent_bytes_ += static_cast<std::size_t>(count);
    traffic_.bytes_out += static_cast<std::size_t>(count);
  }
  if (sent_bytes_ < text_->size()) send_later();
}

void Connection::send_later() {
  socket_.async_wait(Socket::wait_write, [this, number = socket_number_](ErrorCode error) {
    if (number == socket_number_ && phase_ == Phase::busy && !error) send();
  });
}

// A read is pending as long as the socket is open, so a server that closes an idle connection is noticed at once.
void Connection::read() {
  socket_.async_read_some(asio::buffer(buffer_.data() + unread_, buffer_.size() - unread_),
                          [this, number = socket_number_](ErrorCode error, std::size_t bytes) {
                            if (number == socket_number_) on_read(error, bytes);
                          });
}

void Connection::on_read(ErrorCode error, std::size_t bytes) {
  const auto number = socket_number_;
  traffic_.bytes_in += bytes;
  unread_ += bytes;
  if (phase_ == Phase::idle) {
    drop();
    return events_.on_idle_close(*this);
  }
  if (error) return on_lost(error);
  answered_ = true;
  on_bytes();
  if (number == socket_number_) read();
}

void Connection::on_bytes() {
  const std::size_t used = parser_.put({buffer_.data(), unread_});
  if (used < unread_) std::copy(buffer_.data() + used, buffer_.data() + unread_, buffer_.data());
  unread_ -= used;
  if (parser_.failed()) return fail(ErrorKind::bad_response, parser_.error());
  if (parser_.complete()) return on_response();
  if (unread_ == buffer_.size()) fail(ErrorKind::bad_response, "a header line longer than the client reads");
}

// What follows a complete response unasked can't belong to any request: the connection is not used again.
void Connection::on_response() {
  if (parser_.keep_alive() && unread_ == 0 && sent_bytes_ == text_->size()) {
    phase_ = Phase::idle;
    reused_ = true;
  } else {
    drop();
  }
  events_.on_response(*this);
}

void Connection::on_lost(ErrorCode error) {
  const bool closed = error == asio::error::eof || error == asio::error::connection_reset;
  if (closed && !answered_ && reused_ && text_->is_idempotent()) {
    drop();
    ++traffic_.retried;
    return connect();
  }
  if (error == asio::error::eof && send_error_) error = send_error_;
  if (error != asio::error::eof) return fail(ErrorKind::reset, error.message());
  parser_.put_eof();
  if (parser_.complete()) return on_response();
  fail(ErrorKind::closed_early, parser_.error());
}

void Connection::fail(ErrorKind kind, std::string_view message) {
  drop();
  events_.on_failure(*this, kind, message);
}

}  // namespace waitlab::client
