#include "client/fleet/link.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <string_view>
#include <utility>

namespace waitlab::client::fleet {

namespace asio = boost::asio;
namespace {

using ErrorCode = boost::system::error_code;

constexpr std::size_t most_waiting_bytes = std::size_t{64} << 20U;

std::string peer_of(const Link::Socket& socket) {
  ErrorCode error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? "an unknown address" : fmt::format("{}", fmt::streamed(endpoint));
}

}  // namespace

Link::Link(Socket socket, std::size_t longest) : socket_(std::move(socket)), peer_(peer_of(socket_)), reader_(longest) {
  ErrorCode ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);  // a ping that waited would tell nothing of the clocks
}

void Link::start(Events events) {
  events_ = std::move(events);
  read_more();
}

void Link::send(const std::string& text) {
  if (closed_ || closing_) return;
  const bool idle = frames_.empty();
  frames_.push_back(to_frame(text));
  waiting_bytes_ += frames_.back().size();
  if (waiting_bytes_ > most_waiting_bytes && frames_.size() > 1) return end("it does not take what it is sent");
  if (idle) write_more();
}

void Link::close() {
  closed_ = true;
  events_ = {};
  ErrorCode ignored;
  socket_.close(ignored);
}

void Link::close_after_sending() {
  closing_ = true;
  events_ = {};
  if (frames_.empty()) close();
}

void Link::read_more() {
  socket_.async_read_some(asio::buffer(piece_), [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
    if (self->closed_) return;
    if (error) return self->end(error == asio::error::eof ? "it closed the connection" : error.message());
    self->take(bytes);
    if (!self->closed_) self->read_more();
  });
}

void Link::take(std::size_t bytes) {
  last_heard_ = Clock::now();
  bytes_in_ += bytes;
  reader_.put(std::string_view(piece_.data(), bytes));
  while (const auto text = reader_.next()) {
    const auto on_text = events_.on_text;  // it may close the link, and with it the events
    if (on_text) on_text(*text);
    if (closed_) return;
  }
  if (reader_.too_long()) end("it sent a frame that is too long");
}

void Link::write_more() {
  asio::async_write(socket_, asio::buffer(frames_.front()), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (self->closed_) return;
    if (error) return self->end(error.message());
    self->waiting_bytes_ -= self->frames_.front().size();
    self->frames_.pop_front();
    if (!self->frames_.empty()) return self->write_more();
    if (self->closing_) self->close();
  });
}

void Link::end(const std::string& why) {
  const auto on_end = events_.on_end;
  close();
  if (on_end) on_end(why);
}

}  // namespace waitlab::client::fleet
