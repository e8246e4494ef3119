#include "server/handlers/transfer.hpp"

#include "server/accounts/pauses.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::server {

namespace {

using Account = Accounts::Account;

/// In which order a transfer takes its locks, and what it does where the second is not free.
enum class Locking : std::uint8_t {
  unordered,  ///< the one it takes from first; waits for the other, in a deadlock if need be
  ordered,    ///< in the order of the alphabet, the same for all; waits, and nobody waits in a circle
  attempt,    ///< as unordered, but never waits with a lock in hand: gives it back and begins again
};
constexpr std::array<std::string_view, 3> locking_names = {"unordered", "ordered", "try"};

/// What a transfer was asked for.
struct TransferOrder {
  static constexpr std::uint32_t most_amount = 1000;

  Account from;
  Account to;
  std::uint32_t amount;
  Locking locking;
  bool calls;  ///< the backend, between its locks
  BackendWait::Wish wish;

  Account first() const { return locking == Locking::ordered ? std::min(from, to) : from; }
  Account second() const { return first() == from ? to : from; }

  static Result<TransferOrder> read(const Request& request);
};

Result<TransferOrder> TransferOrder::read(const Request& request) {
  const auto parameters = Parameters::parse(request.target, {"from", "to", "amount", "locking", "delay", "backend"});
  if (!parameters) return parameters.error();
  const auto from = parameters->required_choice("from", Accounts::names);
  if (!from) return from.error();
  const auto to = parameters->required_choice("to", Accounts::names);
  if (!to) return to.error();
  if (*from == *to) {
    return Failure{fmt::format("parameter 'to': '{}' is 'from' as well; it is another one of: {}", Accounts::names[*to],
                               fmt::join(Accounts::names, ", "))};
  }
  const auto amount = parameters->integer("amount", 1, most_amount);
  if (!amount) return amount.error();
  const auto locking = parameters->choice("locking", locking_names);
  if (!locking) return locking.error();
  const auto wish = read_wish(*parameters);
  if (!wish) return wish.error();
  return TransferOrder{static_cast<Account>(*from),
                       static_cast<Account>(*to),
                       amount->value_or(1),
                       static_cast<Locking>(*locking),
                       wish->delay || !wish->profile.empty(),
                       *wish};
}

/// A request that waits for a lock, for as long as this lives.
class WaitingForLock {
 public:
  explicit WaitingForLock(RequestState& request) : request_(request) { request_.wait(); }
  WaitingForLock(const WaitingForLock&) = delete;
  WaitingForLock& operator=(const WaitingForLock&) = delete;
  ~WaitingForLock() { request_.run(); }

 private:
  RequestState& request_;
};

class Transfer final : public Endpoint {
 public:
  Transfer(Accounts& accounts, BackendWait backend, Telemetry& telemetry)
      : accounts_(accounts), backend_(std::move(backend)), telemetry_(telemetry) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto order = TransferOrder::read(exchange.request);
    if (!order) {
      set_problem(exchange.response, 400, order.error().message);
      co_return;
    }
    const Accounts::Ticket ticket(accounts_, exchange.request_id);
    TransferOutcome outcome = TransferOutcome::full;
    if (ticket) {
      outcome = co_await carry_out(io, exchange, ticket, *order);
    } else {
      set_problem(exchange.response, 503,
                  fmt::format("{} transfers are under way already, as many as may be", Accounts::most_transfers));
    }
    count(telemetry_.counts.here().transfers[outcome]);
  }

 private:
  using Clock = Io::Clock;

  /// Why a transfer ends here, of which the answer tells; nothing: it goes on.
  using End = std::optional<TransferOutcome>;

  Task<TransferOutcome> carry_out(Io& io, Exchange& exchange, const Accounts::Ticket& ticket,
                                  const TransferOrder& order) {
    const bool waits = order.locking != Locking::attempt;
    for (std::uint32_t retries = 0;; ++retries) {
      End end = co_await take(io, exchange, ticket, order.first());
      if (!end && order.calls) end = co_await call_backend(io, exchange, order.wish);
      if (!end && waits) end = co_await take(io, exchange, ticket, order.second());
      if (end) co_return *end;
      if (waits || ticket.take_if_free(order.second())) co_return move(exchange, order, retries);
      ticket.give_back(order.first());
      end = co_await pause(io, exchange, order, retries);
      if (end) co_return *end;
    }
  }

  /// Takes a lock, and waits for it.
  Task<End> take(Io& io, Exchange& exchange, const Accounts::Ticket& ticket, Account account) const {
    Accounts::Turn turn = ticket.take(account);
    if (turn == Accounts::Turn::waiting) {
      const WaitingForLock waiting(*exchange.state);
      const auto since = Clock::now();
      for (auto now = since; turn == Accounts::Turn::waiting; now = Clock::now()) {
        if (now >= exchange.deadline) co_return late(exchange, account, "");
        const auto look = std::min(now + pause_before_look(now - since, ticket.ahead()), exchange.deadline);
        auto pausing = io.sleep_locked_until(look, exchange.client);
        exchange.abandoned = !co_await pausing;
        if (exchange.abandoned) co_return TransferOutcome::abandoned;
        turn = ticket.turn();
      }
    }
    if (turn == Accounts::Turn::ready) co_return std::nullopt;
    set_problem(exchange.response, 503,
                fmt::format("deadlock: {}; this transfer, the youngest in it, gave way", ticket.cycle()));
    co_return TransferOutcome::deadlock;
  }

  Task<End> call_backend(Io& io, Exchange& exchange, const BackendWait::Wish& wish) {
    const bool answered = co_await backend_.wait(io, exchange, wish);
    if (answered) co_return std::nullopt;
    co_return exchange.abandoned ? TransferOutcome::abandoned : TransferOutcome::backend_failed;
  }

  /// Stays away from both locks before it tries again.
  Task<End> pause(Io& io, Exchange& exchange, const TransferOrder& order, std::uint32_t retries) const {
    count(telemetry_.counts.here().transfer_retries);
    const WaitingForLock waiting(*exchange.state);
    const auto end = Clock::now() + pause_before_retry(std::hash<std::string_view>()(exchange.request_id), retries);
    auto pausing = io.sleep_locked_until(std::min(end, exchange.deadline), exchange.client);
    exchange.abandoned = !co_await pausing;
    if (exchange.abandoned) co_return TransferOutcome::abandoned;
    if (end < exchange.deadline) co_return std::nullopt;
    co_return late(exchange, order.second(), fmt::format("; tried {} times", retries + 1));
  }

  static TransferOutcome late(Exchange& exchange, Account account, const std::string& how) {
    set_problem(exchange.response, 503,
                fmt::format("the lock of {} was not free within timeouts.request{}", Accounts::names[account], how));
    return TransferOutcome::timed_out;
  }

  TransferOutcome move(Exchange& exchange, const TransferOrder& order, std::uint32_t retries) const {
    const std::string_view from = Accounts::names[order.from];
    if (const auto has_only = accounts_.move(order.from, order.to, order.amount)) {
      set_problem(exchange.response, 409, fmt::format("{} has only {}", from, *has_only));
      return TransferOutcome::overdrawn;
    }
    exchange.response.body = fmt::format("moved {} from {} to {}", order.amount, from, Accounts::names[order.to]);
    if (order.locking == Locking::attempt) exchange.response.body += fmt::format(" after {} retries", retries);
    exchange.response.body += '\n';
    return TransferOutcome::done;
  }

  Accounts& accounts_;
  BackendWait backend_;
  Telemetry& telemetry_;
};

class TellAccounts final : public Endpoint {
 public:
  explicit TellAccounts(Accounts& accounts) : accounts_(accounts) {}

  Task<void> handle(Io&, Exchange& exchange) override {
    const Accounts::Picture picture = accounts_.picture();
    exchange.response.content_type = "application/json";
    std::string& body = exchange.response.body;
    body = "{\"accounts\":{";
    for (std::size_t account = 0; account < Accounts::count; ++account) {
      body += fmt::format("{}\"{}\":{}", account == 0 ? "" : ",", Accounts::names[account], picture.balances[account]);
    }
    body += fmt::format("}},\"total\":{},\"held\":[",
                        std::accumulate(picture.balances.begin(), picture.balances.end(), std::int64_t{0}));
    for (const auto& held : picture.held)
      append(body, held);
    body += "]}\n";
    co_return;
  }

 private:
  /// Ids of requests have no characters that JSON would have written otherwise.
  static void append(std::string& body, const Accounts::Picture::Held& held) {
    const auto quoted = [](const std::string& id) { return '"' + id + '"'; };
    std::vector<std::string> waiting(held.waiting.size());
    std::ranges::transform(held.waiting, waiting.begin(), quoted);
    body += fmt::format("{}{{\"account\":\"{}\",\"holder\":{},\"waiting\":[{}],\"waiting_total\":{}}}",
                        body.back() == '[' ? "" : ",", Accounts::names[held.account], quoted(held.holder),
                        fmt::join(waiting, ","), held.waiting_total);
  }

  Accounts& accounts_;
};

}  // namespace

void add_account_routes(RouteTable& routes, Accounts& accounts, const BackendWait& backend, Telemetry& telemetry) {
  routes.add("POST", "/transfer", std::make_unique<Transfer>(accounts, backend, telemetry));
  routes.add("GET", "/accounts", std::make_unique<TellAccounts>(accounts));
}

}  // namespace waitlab::server
