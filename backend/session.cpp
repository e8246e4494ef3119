#include "backend/session.hpp"

#include "backend/hold_query.hpp"
#include "common/http/target.hpp"
#include "common/net/linger.hpp"
#include "common/net/wait_ready.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>
#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace waitlab::backend {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// Pipelined requests beyond this stay in the kernel until those before them are answered.
constexpr std::size_t most_unread_bytes = 64 * 1024;

/// How often it is looked whether a client has left whose bytes stay in the kernel.
constexpr std::chrono::milliseconds look_pause{100};

/// However long a client goes on sending after its last answer.
constexpr std::chrono::seconds longest_linger{30};

/// As far as it is known, the request is answered as it asks, though it may be one to refuse. Behind one that is not
/// all there nothing else can be read.
Framing framing_of(const RequestParser& parser) {
  const Request& request = parser.request();
  return {.to_head = request.method == "HEAD",
          .keep_alive = request.keep_alive && parser.complete(),
          .version = request.version};
}

}  // namespace

Session::Session(Socket socket, const Context& context) : socket_(std::move(socket)), context_(context) {}

void Session::start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  read();
}

void Session::drain() {
  draining_ = true;
  if (busy_ || lingers_until_) return;
  // What has come, or still comes until then, is found when the read has ended.
  error_code ignored;
  socket_.cancel(ignored);
}

void Session::close() {
  if (!socket_.is_open()) return;
  if (hold_) context_.holds.abandon(*hold_);
  hold_.reset();
  timer_.reset();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  context_.closed(*this);
}

void Session::read() {
  if (reading_ || !socket_.is_open()) return;
  if (unread_.size() >= most_unread_bytes) return watch_for_end();
  reading_ = true;
  socket_.async_read_some(boost::asio::buffer(chunk_),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            self->reading_ = false;
                            self->on_read(error, bytes);
                          });
}

void Session::on_read(const error_code& error, std::size_t bytes) {
  const bool interrupted = error == boost::asio::error::operation_aborted && socket_.is_open();
  if (interrupted && (parser_.started() || has_unread_bytes())) return read();
  if (error) return close();
  if (lingers_until_) return linger();
  unread_.append(chunk_.data(), bytes);
  go_on();
}

/// Asio tells of an end only those who read up to it.
void Session::watch_for_end() {
  timer_ = context_.time.call_at(context_.time.now() + look_pause, [this] {
    if (!wait_ready(socket_.native_handle(), POLLRDHUP, context_.time.now())) return close();
    read();
  });
}

/// Serves what is there of the next request, and waits for the rest.
void Session::go_on() {
  serve_next();
  read();
  if (draining_) drain();
}

void Session::serve_next() {
  if (busy_) return;
  unread_.erase(0, parser_.put(unread_));
  if (const auto& error = parser_.error()) {
    framing_ = framing_of(parser_);
    send(problem_answer(error->status, error->detail));
  } else if (parser_.complete() || (parser_.expects_continue() && unread_.empty())) {
    serve(parser_.request());  // no answer here depends on a body
  }
}

void Session::serve(const Request& request) {
  framing_ = framing_of(parser_);
  const bool reads = request.method == "GET" || framing_.to_head;
  if (reads && target_path(request.target) == "/hold") return hold(request);
  send(answer_to(request));
}

Answer Session::answer_to(const Request& request) const {
  const std::string_view path = target_path(request.target);
  if (path != "/hold" && path != "/status" && path != "/healthz")
    return problem_answer(404, "there are /hold, /status and /healthz here");
  if (request.method != "GET" && request.method != "HEAD") {
    Answer answer = problem_answer(405, "use GET");
    answer.fields.emplace_back("Allow", "GET, HEAD");
    return answer;
  }
  if (path == "/status") return status_answer(context_.holds.counts(), context_.connections);
  return health_answer();
}

void Session::hold(const Request& request) {
  Result<HoldRequest> wanted = parse_hold_query(request);
  if (!wanted) return send(problem_answer(400, wanted.error().message));
  busy_ = true;
  // A rejected hold is answered before `submit` returns; to give up its id later does no harm.
  hold_ = context_.holds.submit(std::move(*wanted), [self = shared_from_this()](const HoldRecord& record) {
    self->hold_.reset();
    self->send(hold_answer(record));
  });
}

void Session::send(const Answer& answer) {
  busy_ = true;
  if (draining_) framing_.keep_alive = false;
  out_.clear();
  write_answer(out_, answer, framing_);
  boost::asio::async_write(socket_, boost::asio::buffer(out_),
                           [self = shared_from_this()](const error_code& error, std::size_t) { self->on_sent(error); });
}

void Session::on_sent(const error_code& error) {
  busy_ = false;
  if (error) return close();
  if (!framing_.keep_alive) return leave();
  parser_.start();
  go_on();
}

/// Closes; if the client may still be sending, once it pauses.
void Session::leave() {
  if (parser_.complete() && unread_.empty() && !has_unread_bytes()) return close();
  unread_.clear();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  lingers_until_ = context_.time.now() + longest_linger;
  linger();
}

void Session::linger() {
  const TimeSource::TimePoint end = std::min(context_.time.now() + linger_pause, *lingers_until_);
  timer_ = context_.time.call_at(end, [this] { close(); });
  read();
}

bool Session::has_unread_bytes() const {
  error_code ignored;
  return socket_.available(ignored) > 0;
}

}  // namespace waitlab::backend
