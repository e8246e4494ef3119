#include "client/fleet/door.hpp"

#include "client/fleet/admission.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <variant>

namespace waitlab::client::fleet {

namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

using namespace std::chrono_literals;
using ErrorCode = boost::system::error_code;

constexpr std::size_t longest_registration = 4096;
/// What a worker says later: its result, with the histograms of every step of a load.
constexpr std::size_t longest_of_worker = std::size_t{256} << 20U;
constexpr std::chrono::seconds longest_introduction{5};
constexpr std::size_t most_strangers = 256;
constexpr std::size_t longest_name = 64;

tcp::endpoint endpoint_of(const SocketAddress& address) {
  tcp::endpoint endpoint;
  endpoint.resize(address.length);
  std::memcpy(endpoint.data(), address.data(), address.length);
  return endpoint;
}

/// A name stands in messages, tables and files.
bool is_name(const std::string& name) {
  const auto printable = [](unsigned char c) { return c > ' ' && c < 0x7F; };
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, printable);
}

}  // namespace

Result<std::unique_ptr<Door>> Door::open(asio::io_context& io, const SocketAddress& address, std::string token,
                                         OnWorker on_worker, OnRefused on_refused) {
  const tcp::endpoint endpoint = endpoint_of(address);
  Acceptor acceptor(io.get_executor());
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Failure{fmt::format("--listen: {} cannot be listened on: {}; give another address or port",
                               address.to_string(), error.message())};
  }
  std::unique_ptr<Door> door(
      new Door(std::move(acceptor), std::move(token), std::move(on_worker), std::move(on_refused)));
  door->accept_next();
  return door;
}

Door::Door(Acceptor acceptor, std::string token, OnWorker on_worker, OnRefused on_refused)
    : acceptor_(std::move(acceptor)),
      pause_(acceptor_.get_executor()),
      token_(std::move(token)),
      on_worker_(std::move(on_worker)),
      on_refused_(std::move(on_refused)) {}

std::string Door::address() const {
  return fmt::format("{}", fmt::streamed(acceptor_.local_endpoint()));
}

void Door::look_after(Link::Clock::time_point now) {
  for (auto stranger = strangers_.begin(); stranger != strangers_.end();) {
    const auto here = stranger++;
    if (now - here->since > longest_introduction)
      refuse(here, here->link->peer(), {"too slow", "it did not say in time who it is"});
  }
}

void Door::accept_next() {
  acceptor_.async_accept([this](ErrorCode error, Link::Socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) return accept_later();
    meet(std::move(socket));
    accept_next();
  });
}

/// Out of descriptors, it would otherwise be tried again at once, and for ever.
void Door::accept_later() {
  pause_.expires_after(100ms);
  pause_.async_wait([this](ErrorCode error) {
    if (!error) accept_next();
  });
}

void Door::meet(Link::Socket socket) {
  const auto link = std::make_shared<Link>(std::move(socket), longest_registration);
  const auto stranger = strangers_.insert(strangers_.end(), {link, make_nonce(), Link::Clock::now()});
  link->start({.on_text = [this, stranger](const std::string& text) { hear(stranger, text); },
               .on_end =
                   [this, stranger](const std::string& why) {
                     refuse(stranger, stranger->link->peer(), {"garbage", why});
                   }});
  if (strangers_.size() > most_strangers)
    return refuse(stranger, link->peer(), {"too many", "too many have not said yet who they are"});
  link->send(encode(Challenge{.version = WAITLAB_VERSION, .nonce = stranger->nonce}));
}

void Door::hear(Strangers::iterator stranger, const std::string& text) {
  const auto message = decode_from_worker(text);
  const auto* const who = message ? std::get_if<Registration>(&*message) : nullptr;
  if (who == nullptr || !is_name(who->name))
    return refuse(stranger, stranger->link->peer(), {"garbage", "what it said is no registration of a worker"});
  if (const Verdict verdict = judge(*stranger, *who); !verdict.why.empty()) return refuse(stranger, who->name, verdict);
  const std::shared_ptr<Link> link = stranger->link;
  if (const auto taken = on_worker_(link, *who); !taken)
    return refuse(stranger, who->name, {"no place", taken.error().message});
  link->allow(longest_of_worker);
  strangers_.erase(stranger);
}

Door::Verdict Door::judge(const Stranger& stranger, const Registration& who) const {
  if (!same_proof(make_proof(token_, stranger.nonce, who.name), who.proof)) {
    return {"wrong token",
            fmt::format("it has {}; give it the collector's by --token-file or WAITLAB_TOKEN",
                        token_.empty() ? "a token, and this collector has none" : "not the right token")};
  }
  if (who.version != WAITLAB_VERSION) {
    return {"other version", fmt::format("it is waitlab {}, and the collector is {}; use one version for all",
                                         who.version, WAITLAB_VERSION)};
  }
  return {};
}

void Door::refuse(Strangers::iterator stranger, const std::string& who, const Verdict& verdict) {
  ++refused_[verdict.kind];
  const std::shared_ptr<Link> link = stranger->link;
  strangers_.erase(stranger);
  link->send(encode(Refusal{verdict.why}));
  link->close_after_sending();
  if (on_refused_) on_refused_(who, verdict.why);
}

}  // namespace waitlab::client::fleet
