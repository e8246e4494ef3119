#include "server/server.hpp"

#include "server/sizing.hpp"
#include "server/strategies/strategy_factory.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds housekeeping_pause{1'000};
constexpr std::chrono::milliseconds restarting_pause{100};
constexpr std::chrono::milliseconds drain_check_interval{50};

Result<Listener> open_listener(const std::string& name, const ServerConfig::Address& address,
                               const ServerConfig::Limits& limits, std::uint32_t queues = 1) {
  return Listener::open(name, {address.address,
                               address.port,
                               limits.max_connections,
                               {static_cast<std::uint32_t>(limits.header_bytes), limits.body_bytes},
                               queues});
}

/// What is wanted, with its sizes by the limits as they are now. Warns of those that can't be reached.
ServerConfig sized_with_warnings(const ServerConfig& wanted) {
  const ResourceLimits limits = resource_limits();
  const ServerConfig config = sized_for(limits, wanted);
  for (const std::string& sentence : unreachable_sizes(limits, config))
    spdlog::warn(sentence);
  return config;
}

/// The listener's own limit: it stays as it was at the start, whatever `auto` would come to by now.
RunningStrategy running_with(const ServerConfig& config, const Listener& listener) {
  return {config.strategy, facts_of(config.strategy, config.strategies), listener.max_connections()};
}

/// Why something could not start. The kernel's own word for a thread that it does not grant says nothing of limits.
std::string start_failure(const std::exception& error) {
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  if (system == nullptr || system->code() != std::errc::resource_unavailable_try_again) return error.what();
  return fmt::format(
      "no more threads are granted; the tightest limit known is {}; lower the number of threads or raise it",
      resource_limits().threads.name);
}

/// None if there is no path. A log's thread that can't be had is a Failure as well.
Result<std::unique_ptr<RequestLog>> open_request_log(const std::string& path) {
  if (path.empty()) return std::unique_ptr<RequestLog>();
  try {
    return RequestLog::open(path);
  } catch (const std::exception& error) {
    return Failure{"telemetry.request_log: no thread to write it: " + start_failure(error)};
  }
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerConfig& wanted) {
  const ServerConfig config = sized_with_warnings(wanted);
  auto listener = open_listener("listen", config.listen, config.limits, accept_queues(config));
  if (!listener) return listener.error();
  auto admin = open_listener("admin", config.admin, config.limits);
  if (!admin) return admin.error();
  std::optional<ManagedBackend> managed;
  if (config.backend.mode == "managed") {
    auto started = ManagedBackend::start(config.backend.profiles);
    if (!started) return started.error();
    managed.emplace(std::move(*started));
    spdlog::info("the managed backend listens on {}", managed->address().to_string());
  }
  auto log = open_request_log(config.telemetry.request_log);
  if (!log) return log.error();
  std::unique_ptr<Server> server(
      new Server(wanted, config, std::move(*listener), std::move(*admin), std::move(managed)));
  server->request_log_ = std::move(*log);
  server->site_.request_log = server->request_log_.get();
  auto strategy = server->make_strategy_for(config);
  if (!strategy) return strategy.error();
  server->strategies_.push_back(std::move(*strategy));
  server->telemetries_.make_current(running_with(config, server->listener_));
  try {
    server->admin_ =
        std::make_unique<AdminListener>(server->admin_listener_, server->telemetries_, server->site_.shared->health,
                                        server->site_.shared->state.accounts);
  } catch (const std::exception& error) {
    server->drain();
    return Failure{"the admin listener cannot start: " + start_failure(error)};
  }
  server->site_.shared->health.readiness = Readiness::ready;
  return server;
}

Server::Server(const ServerConfig& asked, const ServerConfig& config, Listener listener, Listener admin_listener,
               std::optional<ManagedBackend> managed_backend)
    : asked_(asked),
      config_(config),
      listener_(std::move(listener)),
      admin_listener_(std::move(admin_listener)),
      managed_backend_(std::move(managed_backend)),
      farewell_(site_, config.timeouts) {
  site_.local.file.keep_in(config.files.folder);
  listener_.refuse_by(farewell_);
  admin_listener_.refuse_by(farewell_);
}

Server::~Server() = default;

Result<void> Server::reload(const ServerConfig& wanted) {
  if (const std::string keys = restart_needed(asked_, wanted); !keys.empty()) {
    return Failure{"not reloaded: a change of " + keys + " needs a restart; nothing was changed"};
  }
  const ServerConfig config = sized_with_warnings(wanted);
  forget_drained();
  auto strategy = make_strategy_for(config);
  if (!strategy) return strategy.error();
  telemetries_.make_current(running_with(config, listener_));
  if (config.backend.address != config_.backend.address) site_.shared->health.backend = Reach::unknown;
  Strategy& predecessor = *strategies_.back();
  strategies_.push_back(std::move(*strategy));
  predecessor.retire(strategies_.back().get());
  asked_ = wanted;
  config_ = config;
  return {};
}

bool Server::drain(const std::function<bool()>& goes_on) {
  site_.shared->health.readiness = Readiness::draining;
  if (!site_.shared->draining.exchange(true)) {
    listener_.stop_handshakes();
    strategies_.back()->retire(nullptr);
  }
  const auto deadline = Clock::now() + config_.timeouts.drain;
  for (auto now = Clock::now(); !forget_drained() && now < deadline && goes_on(); now = Clock::now())
    strategies_.front()->wait_drained(std::min(deadline, now + drain_check_interval));
  finish_request_log();
  return strategies_.empty();
}

std::int64_t Server::in_flight() const {
  std::int64_t requests = 0;
  for (const Telemetry* telemetry : telemetries_.all())
    requests += telemetry->in_flight.value();
  return requests;
}

Result<std::unique_ptr<Strategy>> Server::make_strategy_for(const ServerConfig& config) {
  std::optional<BackendPlace> backend;
  if (managed_backend_) backend = BackendPlace{managed_backend_->address().to_string(), {managed_backend_->address()}};
  if (config.backend.mode == "remote") {
    auto addresses = resolve_all(config.backend.address);
    if (!addresses) return Failure{"backend.address: " + addresses.error().message};
    backend = BackendPlace{without_zone(config.backend.address), std::move(*addresses)};
  }
  try {
    std::string_view logged_as;
    if (request_log_)
      logged_as = request_log_->served_by(config.strategy, facts_of(config.strategy, config.strategies));
    auto strategy = make_strategy(config.strategy, config.strategies,
                                  {site_, telemetries_.of(config.strategy), config.timeouts, backend,
                                   config.backend.profiles, config.backend.timeout, logged_as});
    strategy->accept_from(listener_);
    return strategy;
  } catch (const std::exception& error) {  // Boost's system_error is not std's
    return Failure{"strategy " + config.strategy + " cannot start: " + start_failure(error)};
  }
}

void Server::finish_request_log() {
  if (!request_log_) return;
  request_log_->flush();
  std::uint64_t lost = request_log_->take_unwritten();
  for (const Telemetry* telemetry : telemetries_.all())
    lost += telemetry->counts.total().log_rows_lost;
  if (lost > 0)
    spdlog::warn("the request log lacks {} requests, which could not be written, or not as fast as they came", lost);
}

std::chrono::milliseconds Server::housekeep() {
  forget_drained();
  bool serves = true;
  for (const auto& strategy : strategies_)
    serves = strategy->tend(Clock::now());
  const bool runs = tend_backend();
  Readiness readiness = serves ? Readiness::ready : Readiness::workers_gone;
  if (!runs) readiness = Readiness::backend_gone;
  site_.shared->health.readiness = readiness;
  return readiness == Readiness::ready ? housekeeping_pause : restarting_pause;
}

bool Server::tend_backend() {
  if (!managed_backend_) return true;
  Health& health = site_.shared->health;
  const bool runs = managed_backend_->tend(Clock::now());
  const bool ran = health.readiness != Readiness::backend_gone;
  if (!runs)
    health.backend = Reach::down;
  else if (!ran || health.backend == Reach::unknown)
    health.backend = Reach::up;  // from then on calls tell
  return runs;
}

void Server::reopen_logs() {
  if (request_log_) request_log_->reopen();
  if (managed_backend_) managed_backend_->reopen_logs();
}

bool Server::forget_drained() {
  const std::size_t retired = strategies_.size() - (site_.shared->draining ? 0 : 1);
  bool older_have = true;  // they go in their order
  auto strategy = strategies_.begin();
  for (std::size_t number = 0; number < retired; ++number) {
    const bool has = (*strategy)->wait_drained(Clock::now());
    older_have = older_have && has;
    strategy = older_have ? strategies_.erase(strategy) : std::next(strategy);
  }
  return strategies_.empty();
}

}  // namespace waitlab::server
