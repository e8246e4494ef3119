#include "backend/session.hpp"

#include "backend/hold_query.hpp"
#include "backend/profile_settings.hpp"
#include "common/http/target.hpp"
#include "common/net/linger.hpp"
#include "common/net/wait_ready.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>
#include <algorithm>
#include <chrono>
#include <string>
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

/// Whether the answer depends on the body of the request.
bool takes_body(const Request& request) {
  return target_path(request.target) == "/profile" && (request.method == "PUT" || request.method == "PATCH");
}

Answer wrong_method_answer(const std::string& allowed) {
  Answer answer = problem_answer(405, "use " + allowed);
  answer.fields.emplace_back("Allow", allowed);
  return answer;
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
  error_code ignored;
  if (socket_.is_open()) socket_.shutdown(tcp::socket::shutdown_both, ignored);
  end();
}

/// What has been sent is with the client, as far as the kernel has got with it; the rest is dropped.
void Session::reset() {
  error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  end();
}

void Session::end() {
  if (!socket_.is_open()) return;
  if (hold_) holds_->abandon(*hold_);
  hold_.reset();
  timer_.reset();
  drip_timer_.reset();
  error_code ignored;
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
  } else if (waits_to_be_asked() && takes_body(parser_.request())) {
    ask_for_body();
  } else if (parser_.complete() || waits_to_be_asked()) {
    serve(parser_.request());
  }
}

bool Session::waits_to_be_asked() const {
  return !parser_.complete() && !asked_ && parser_.expects_continue() && unread_.empty();
}

void Session::ask_for_body() {
  asked_ = true;
  busy_ = true;
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  sent_ = 0;
  send_up_to(out_.size(), &Session::on_asked);
}

void Session::on_asked() {
  busy_ = false;
  go_on();
}

void Session::serve(const Request& request) {
  framing_ = framing_of(parser_);
  const bool reads = request.method == "GET" || framing_.to_head;
  if (reads && target_path(request.target) == "/hold") return hold(request);
  send(answer_to(request));
}

Answer Session::answer_to(const Request& request) const {
  const std::string_view path = target_path(request.target);
  if (path == "/profile") return answer_to_profile(request);
  if (path != "/hold" && path != "/status" && path != "/healthz")
    return problem_answer(404, "there are /hold, /profile, /status and /healthz here");
  if (request.method != "GET" && request.method != "HEAD") return wrong_method_answer("GET, HEAD");
  if (path == "/status") return status_answer(context_.profiles, context_.connections);
  return health_answer();
}

Answer Session::answer_to_profile(const Request& request) const {
  const bool changes = takes_body(request);
  if (!changes && request.method != "GET" && request.method != "HEAD")
    return wrong_method_answer("GET, HEAD, PUT, PATCH");
  const auto name = parse_profile_query(request);
  const auto holds = name ? context_.profiles.find(*name) : name.error();
  if (!holds) return problem_answer(400, holds.error().message);
  if (changes) {
    auto changed = changed_profile((*holds)->profile(), request.body);
    if (!changed) return problem_answer(400, changed.error().message);
    (*holds)->change(std::move(*changed));
  }
  return profile_answer((*holds)->profile());
}

void Session::hold(const Request& request) {
  Result<HoldQuery> query = parse_hold_query(request);
  const auto holds = query ? context_.profiles.find(query->profile) : query.error();
  if (!holds) return send(problem_answer(400, holds.error().message));
  busy_ = true;
  holds_ = *holds;
  // A rejected hold is answered before `submit` returns; to give up its id later does no harm.
  hold_ = holds_->submit(std::move(query->hold),
                         [self = shared_from_this()](const HoldRecord& record) { self->answer_hold(record); });
}

void Session::answer_hold(const HoldRecord& record) {
  hold_.reset();
  if (record.outcome == Outcome::reset_before) return reset();
  if (record.outcome != Outcome::reset_in && record.outcome != Outcome::dripped) return send(hold_answer(record));
  const std::size_t body = begin_answer(hold_answer(record));
  if (record.outcome == Outcome::reset_in) return send_up_to((body + out_.size()) / 2, &Session::reset);
  drip_pause_ = record.drip_pause;
  send_up_to(body, &Session::drip);
}

void Session::send(const Answer& answer) {
  begin_answer(answer);
  send_up_to(out_.size(), &Session::on_sent);
}

/// Makes the bytes of an answer. Returns where its body begins.
std::size_t Session::begin_answer(const Answer& answer) {
  busy_ = true;
  if (draining_) framing_.keep_alive = false;
  out_.clear();
  sent_ = 0;
  write_answer(out_, answer, framing_);
  return out_.size() - (framing_.to_head ? 0 : answer.body.size());
}

void Session::send_up_to(std::size_t end, void (Session::*then)()) {
  boost::asio::async_write(socket_, boost::asio::buffer(out_.data() + sent_, end - sent_),
                           [self = shared_from_this(), end, then](const error_code& error, std::size_t) {
                             if (error) return self->close();
                             self->sent_ = end;
                             (*self.*then)();
                           });
}

void Session::drip() {
  if (sent_ == out_.size()) return on_sent();
  drip_timer_ =
      context_.time.call_at(context_.time.now() + drip_pause_, [this] { send_up_to(sent_ + 1, &Session::drip); });
}

void Session::on_sent() {
  busy_ = false;
  asked_ = false;
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
