#include "client/fleet/collector_link.hpp"

#include "client/stats/time_text.hpp"
#include "common/net/socket_address.hpp"

#include <fmt/format.h>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace waitlab::client::fleet {

namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

using namespace std::chrono_literals;
using ErrorCode = boost::system::error_code;

/// An order may hold the body of a request.
constexpr std::size_t longest_of_collector = std::size_t{512} << 20U;
constexpr std::chrono::nanoseconds between_tries = 200ms;
constexpr std::chrono::nanoseconds longest_try = 5s;

/// How long what was said last may take to go.
constexpr std::chrono::nanoseconds time_for_last_words = 5s;

/// Connects to one address within the time.
ErrorCode connect(asio::io_context& io, Link::Socket& socket, const SocketAddress& address,
                  std::chrono::nanoseconds patience) {
  tcp::endpoint endpoint;
  endpoint.resize(address.length);
  std::memcpy(endpoint.data(), address.data(), address.length);
  ErrorCode outcome = asio::error::timed_out;
  socket.async_connect(endpoint, [&outcome](ErrorCode error) {
    if (error != asio::error::operation_aborted) outcome = error;
  });
  io.restart();
  io.run_for(patience);
  if (!outcome) return outcome;
  ErrorCode ignored;
  socket.close(ignored);
  io.restart();
  io.run();
  return outcome;
}

}  // namespace

CollectorLink::CollectorLink(std::unique_ptr<asio::io_context> io, Link::Socket socket)
    : io_(std::move(io)),
      link_(std::make_shared<Link>(std::move(socket), longest_of_collector)),
      silence_(io_->get_executor()) {
  link_->start({.on_text = [this](const std::string& text) { take(text); },
                .on_end = [this](const std::string& why) { gone(why); }});
  watch_silence();
  io_->restart();
  thread_ = std::async(std::launch::async, [this] { io_->run(); });
}

CollectorLink::~CollectorLink() {
  asio::post(*io_, [this] {
    silence_.cancel();
    link_->close_after_sending();
  });
  if (thread_.wait_for(time_for_last_words) != std::future_status::ready) io_->stop();
  thread_.wait();
}

void CollectorLink::send(const FromWorker& message) {
  asio::post(*io_, [this, text = encode(message)] { link_->send(text); });
}

std::optional<CollectorLink::Heard> CollectorLink::hear(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!more_.wait(lock, stop, [this] { return !heard_.empty(); })) return std::nullopt;
  Heard heard = std::move(heard_.front());
  heard_.pop_front();
  return heard;
}

std::stop_token CollectorLink::begin_run() {
  const std::lock_guard lock(mutex_);
  std::stop_source& run = run_.emplace();
  if (gone_) run.request_stop();
  return run.get_token();
}

void CollectorLink::cut() {
  std::unique_lock lock(mutex_);
  const std::optional<std::stop_source> run = run_;
  lock.unlock();  // what is called back may take its time
  if (run) run->request_stop();
}

void CollectorLink::take(const std::string& text) {
  auto message = decode_from_collector(text);
  if (!message) return gone("it sent what can't be read: " + message.error().message);
  std::visit(
      [this]<class Told>(Told& told) {
        if constexpr (std::is_same_v<Told, Ping>) {
          const auto now = Link::Clock::now().time_since_epoch();
          link_->send(encode(Pong{told.sent, static_cast<std::uint64_t>(std::chrono::nanoseconds(now).count())}));
        } else if constexpr (std::is_same_v<Told, Stop>) {
          cut();
        } else {
          put(std::move(told));
        }
      },
      *message);
}

void CollectorLink::gone(const std::string& why) {
  silence_.cancel();
  link_->close();
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
  }
  put(Gone{why});
  cut();
}

void CollectorLink::put(Heard heard) {
  const std::lock_guard lock(mutex_);
  heard_.push_back(std::move(heard));
  more_.notify_one();
}

void CollectorLink::watch_silence() {
  silence_.expires_at(link_->last_heard() + longest_silence);
  silence_.async_wait([this](ErrorCode error) {
    if (error) return;
    if (Link::Clock::now() - link_->last_heard() < longest_silence) return watch_silence();
    gone(fmt::format("nothing was heard of it for {}", short_time(longest_silence)));
  });
}

Result<std::unique_ptr<CollectorLink>> reach_collector(const std::string& address, std::chrono::nanoseconds patience,
                                                       const std::stop_token& stop) {
  const auto deadline = Link::Clock::now() + patience;
  std::string why;
  do {
    auto io = std::make_unique<asio::io_context>(1);
    const auto addresses = resolve_all(address);
    if (!addresses) why = addresses.error().message;
    for (const SocketAddress& candidate : addresses ? *addresses : std::vector<SocketAddress>()) {
      Link::Socket socket(io->get_executor());
      const auto left = std::max<std::chrono::nanoseconds>(deadline - Link::Clock::now(), 1ms);
      const ErrorCode error = connect(*io, socket, candidate, std::min(left, longest_try));
      if (!error) return std::make_unique<CollectorLink>(std::move(io), std::move(socket));
      why = fmt::format("{}: {}", candidate.to_string(), error.message());
    }
    if (stop.stop_requested()) return Failure{"it was interrupted before it reached the collector"};
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, between_tries, [] { return false; });
  } while (Link::Clock::now() < deadline && !stop.stop_requested());
  return Failure{fmt::format(
      "no collector was reached within {} (--wait): {}; start 'waitlab-client collector' there, or check --collector",
      short_time(patience), why)};
}

}  // namespace waitlab::client::fleet
