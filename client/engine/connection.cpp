#include "client/engine/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace waitlab::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t buffer_bytes = 16 * 1024;

ErrorKind connect_error_kind(const boost::system::error_code& error) {
  if (error == asio::error::connection_refused) return ErrorKind::connect_refused;
  if (error == asio::error::timed_out) return ErrorKind::connect_timeout;
  return ErrorKind::connect_failed;
}

}  // namespace

Connection::Connection(asio::io_context& io, const Servers& servers, const TlsContext* tls, const std::string& wanted,
                       ConnectionEvents& events)
    : socket_(io), servers_(servers), events_(events), buffer_(buffer_bytes) {
  if (tls) tls_ = std::make_unique<TlsSession>(*tls);
  parser_.look_for(wanted);
}

// Plaintext that came with the end of the handshake was asked for by nobody.
void Connection::adopt(OpenConnection open) {
  ErrorCode error;
  socket_.assign(open.protocol, open.socket.get(), error);
  if (error) return;
  open.socket.release();
  if (open.tls) tls_ = std::move(open.tls);
  traffic_.bytes_in += open.bytes_in;
  traffic_.bytes_out += open.bytes_out;
  charge_ = open.took;
  phase_ = Phase::idle;
  // What stands in the kernel already is looked for here: a read would take it in where nobody sees it yet.
  char byte = 0;
  const ssize_t plain = tls_ ? -1 : ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  const bool unasked = tls_ ? decrypt() > 0 : plain > 0;
  if (unasked) ++traffic_.unasked;
  if (unasked || plain == 0 || (tls_ && tls_->state() != TlsSession::State::open)) return drop();
  reused_ = true;
  read();
}

// Where a read is pending, the loop may have come to what is due first; where none is, it has just had a response, and
// read no more than what came with it.
bool Connection::look() {
  const auto number = socket_number_;
  if (tls_) look_behind_response();
  while (number == socket_number_) {
    const ssize_t count =
        ::recv(socket_.native_handle(), buffer_.data() + unread_, buffer_.size() - unread_, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    ErrorCode error;
    if (count == 0) error = asio::error::eof;
    if (count < 0) error = {errno, boost::system::system_category()};
    take_in(error, count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return false;
}

/// What TLS holds that did not fit into the buffer with the response.
void Connection::look_behind_response() {
  const std::size_t count = decrypt();
  if (count > 0) return take({}, count);
  if (tls_->state() != TlsSession::State::open) take(asio::error::eof, 0);
}

void Connection::take_charge() {
  if (charge_.count() == 0) return;
  attempt_.charged = std::exchange(charge_, {});
  attempt_.connect += attempt_.charged;
  ++traffic_.opened;
}

void Connection::carry(const Attempt& attempt, RequestText& text) {
  attempt_ = attempt;
  text_ = &text;
  sent_bytes_ = 0;
  answered_ = false;
  first_part_.reset();
  parser_.start(text.is_head(), text.asks_for());
  if (phase_ == Phase::closed) return connect();
  take_charge();
  phase_ = Phase::busy;
  send();
}

void Connection::drop() {
  close();
  charge_ = {};
  phase_ = Phase::closed;
}

// TLS's last words, a close_notify or an alert, go out if the kernel takes them at once.
void Connection::close() {
  if (tls_) {
    tls_->close();
    hand_over(tls_->outgoing());
  }
  ErrorCode ignored;
  socket_.close(ignored);
  ++socket_number_;
  reading_ = false;
  unread_ = 0;
}

// An address that says nothing costs a request its time-out, so what connects next begins with another. One that
// refuses says so at once, and is asked first again.
void Connection::expired() {
  if (connecting()) {
    count_connecting();
    first_server_ = (server_ + 1) % servers_.size();
  }
  events_.on_deadline(*this);
}

void Connection::connect() {
  phase_ = Phase::connecting;
  connecting_since_ = Clock::now();
  reused_ = false;
  servers_tried_ = 0;
  server_ = first_server_;
  connect_to_address();
}

void Connection::connect_to_address() {
  sent_bytes_ = 0;
  send_error_ = {};
  const auto& server = servers_[server_];
  ErrorCode error;
  socket_.open(server.protocol(), error);
  if (!error) socket_.set_option(asio::ip::tcp::no_delay(true), error);
  const auto number = socket_number_;
  if (error) {
    asio::post(socket_.get_executor(), [this, number, error] {
      if (number == socket_number_) on_connect(error);
    });
    return;
  }
  socket_.async_connect(server, [this, number](ErrorCode result) {
    if (number == socket_number_) on_connect(result);
  });
}

void Connection::on_connect(ErrorCode error) {
  if (error && is_own_fault(error)) return fail_connect(ErrorKind::connect_failed, error.message());
  if (error) return on_refusal(connect_error_kind(error), error.message());
  if (tls_) {
    tls_->start();
    send();
  } else {
    begin_request();
  }
  read();
}

/// Whether this machine lacks what a connection takes. Of an address behind the first, which has taken one,
/// EADDRNOTAVAIL may as well say that this machine has none of its family.
bool Connection::is_own_fault(ErrorCode error) const {
  switch (error.value()) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return true;
    default:
      return error.value() == EADDRNOTAVAIL && server_ == 0;
  }
}

// The first address that did not take it is told, if none does.
void Connection::on_refusal(ErrorKind kind, std::string_view message) {
  if (servers_tried_ == 0) first_refusal_ = {kind, std::string(message)};
  server_ = (server_ + 1) % servers_.size();
  if (++servers_tried_ == servers_.size()) return fail_connect(first_refusal_.kind, first_refusal_.message);
  close();
  connect_to_address();
}

void Connection::on_handshake() {
  if (tls_->state() == TlsSession::State::open) return begin_request();
  if (tls_->state() == TlsSession::State::failed) on_refusal(ErrorKind::tls_failed, tls_->error());
}

void Connection::begin_request() {
  failed_connects_ = 0;
  ++traffic_.opened;
  if (server_ != 0) ++traffic_.elsewhere;
  count_connecting();
  phase_ = Phase::busy;
  send();
}

void Connection::count_connecting() {
  attempt_.connect += Clock::now() - connecting_since_;
}

void Connection::send() {
  if (tls_) return send_encrypted();
  sent_bytes_ += hand_over(text_->bytes(attempt_.ticket.n).substr(sent_bytes_));
  if (sent_bytes_ < text_->size() && !send_error_) send_later();
}

// A long body is encrypted piece by piece, so that no connection holds a second copy of it.
void Connection::send_encrypted() {
  constexpr std::size_t piece = 64 * 1024;
  const bool open = text_ && tls_->state() == TlsSession::State::open;
  if (open && sent_bytes_ < text_->size() && tls_->outgoing().size() < piece) {
    const std::string_view next = text_->bytes(attempt_.ticket.n).substr(sent_bytes_, piece);
    tls_->write(next);
    sent_bytes_ += next.size();
  }
  tls_->sent(hand_over(tls_->outgoing()));
  const bool rest = !tls_->outgoing().empty() || (open && sent_bytes_ < text_->size());
  if (rest && !send_error_) send_later();
}

// The kernel nearly always takes a whole request at once, so it is asked directly; going through the event loop would
// cost a trip for nothing. An error is left to the pending read, which knows whether an answer came first.
std::size_t Connection::hand_over(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const ssize_t count = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0 && errno != EAGAIN && errno != EINTR) send_error_ = {errno, boost::system::system_category()};
  const std::size_t taken = count > 0 ? static_cast<std::size_t>(count) : 0;
  traffic_.bytes_out += taken;
  return taken;
}

void Connection::send_later() {
  socket_.async_wait(Socket::wait_write, [this, number = socket_number_](ErrorCode error) {
    if (number == socket_number_ && !error) send();
  });
}

// A read is pending as long as the socket is open, so a server that closes an idle connection is noticed at once.
void Connection::read() {
  reading_ = true;
  socket_.async_read_some(asio::buffer(buffer_.data() + unread_, buffer_.size() - unread_),
                          [this, number = socket_number_](ErrorCode error, std::size_t bytes) {
                            if (number == socket_number_) on_read(error, bytes);
                          });
}

void Connection::on_read(ErrorCode error, std::size_t bytes) {
  const auto number = socket_number_;
  reading_ = false;
  take_in(error, bytes);
  if (number == socket_number_) read();
}

void Connection::take_in(ErrorCode error, std::size_t bytes) {
  traffic_.bytes_in += bytes;
  if (tls_) {
    on_ciphertext(error, bytes);
  } else {
    take(error, bytes);
  }
}

// The ciphertext stands in the buffer behind what is unread; TLS copies it, and its plaintext takes that place. All of
// it is decrypted before it is parsed, so that a close_notify after a response is known when the response ends.
void Connection::on_ciphertext(ErrorCode error, std::size_t bytes) {
  const auto number = socket_number_;
  tls_->put({buffer_.data() + unread_, bytes});
  if (error) tls_->put_eof();
  if (phase_ == Phase::connecting) on_handshake();
  while (number == socket_number_) {
    const std::size_t count = decrypt();
    if (count == 0) break;
    take({}, count);
  }
  if (number != socket_number_) return;
  switch (tls_->state()) {
    case TlsSession::State::handshaking:
    case TlsSession::State::open:
      return send();
    case TlsSession::State::closed:
      return take(asio::error::eof, 0);
    case TlsSession::State::failed:
      if (error || phase_ == Phase::idle) return take(error, 0);
      return fail(ErrorKind::tls_failed, tls_->error());
  }
}

std::size_t Connection::decrypt() {
  std::size_t end = unread_;
  while (const std::size_t count = tls_->read(std::span(buffer_).subspan(end)))
    end += count;
  return end - unread_;
}

// Bytes or an end while it is idle: what follows a response unasked can't belong to any request.
void Connection::take(ErrorCode error, std::size_t bytes) {
  unread_ += bytes;
  if (phase_ == Phase::idle) {
    if (unread_ > 0) ++traffic_.unasked;
    drop();
    return events_.on_idle_close(*this);
  }
  if (error) return on_lost(error);
  answered_ = true;
  on_bytes();
}

void Connection::on_bytes() {
  unread_ -= parser_.put({buffer_.data(), unread_});
  if (parser_.failed()) return fail(ErrorKind::bad_response, parser_.error());
  if (!parser_.complete()) {
    if (!first_part_) first_part_ = Clock::now();
    return;
  }
  if (unread_ > 0 && !parser_.left_http()) {
    return fail(ErrorKind::bad_response, "bytes follow the end of the response");
  }
  on_response();
}

bool Connection::reusable() const {
  const bool tls_is_open = !tls_ || (tls_->state() == TlsSession::State::open && tls_->outgoing().empty());
  return parser_.keep_alive() && !text_->says_close() && sent_bytes_ == text_->size() && tls_is_open;
}

void Connection::on_response() {
  if (reusable()) {
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
  if (tls_ && tls_->state() == TlsSession::State::failed) return fail(ErrorKind::closed_early, tls_->error());
  parser_.put_eof();
  if (parser_.complete()) return on_response();
  fail(ErrorKind::closed_early, parser_.error());
}

void Connection::fail_connect(ErrorKind kind, std::string_view message) {
  ++failed_connects_;
  count_connecting();
  fail(kind, message);
}

void Connection::fail(ErrorKind kind, std::string_view message) {
  drop();
  events_.on_failure(*this, kind, message);
}

}  // namespace waitlab::client
