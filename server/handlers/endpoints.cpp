#include "server/handlers/endpoints.hpp"

#include "common/process/process_stats.hpp"
#include "server/counts/thread_track.hpp"
#include "server/handlers/backend_wait.hpp"
#include "server/handlers/route_table.hpp"
#include "server/handlers/transfer.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace waitlab::server {

namespace {

/// The most CPU time one request may burn.
constexpr std::chrono::seconds most_work{10};

constexpr int rounds_between_looks = 2'000;  // a few microseconds: the clock is a system call

/// Burns that much CPU time of the calling thread. CPU time, not wall time: a thread that is preempted meanwhile has as
/// much left to do as before, so the work is the same under every strategy.
void burn_cpu(std::chrono::nanoseconds work) {
  const auto end = thread_cpu_time() + work;
  volatile std::uint64_t sink = 0;
  while (thread_cpu_time() < end) {
    for (int round = 0; round < rounds_between_looks; ++round)
      sink = sink * 6364136223846793005U + 1442695040888963407U;
  }
}

/// Has it done where the strategy does what keeps a thread. Returns whether it was; if not, the answer says why.
Task<bool> compute(Io& io, Exchange& exchange, Telemetry& telemetry, Compute::Work work) {
  auto computing = io.compute(std::move(work), exchange.deadline, exchange.state);
  const Compute::Done done = co_await computing;
  exchange.queued += done.queued;
  if (!done.error) co_return true;
  const bool full = done.error == std::errc::resource_unavailable_try_again;
  count(telemetry.counts.here().rejected[full ? Rejection::queue_full : Rejection::queue_timeout]);
  set_problem(exchange.response, 503,
              full ? "the queue for a thread is full" : "no thread was free within timeouts.request");
  co_return false;
}

/// GET /plain: a fixed tiny body, the raw cost of a request.
class Plain final : public Endpoint {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.body = "plain\n";
    co_return;
  }
  bool quick() const noexcept override { return true; }
};

/// GET /wait?delay=50ms&backend=db: one backend call, of the profile of that name; without `delay` as long as the
/// profile draws.
class Wait final : public Endpoint {
 public:
  explicit Wait(BackendWait backend) : backend_(std::move(backend)) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"delay", "backend"});
    const auto wish = parameters ? read_wish(*parameters) : parameters.error();
    if (!wish) {
      set_problem(exchange.response, 400, wish.error().message);
      co_return;
    }
    const bool answered = co_await backend_.wait(io, exchange, *wish);
    if (answered) exchange.response.body = "waited\n";
  }

 private:
  BackendWait backend_;
};

/// GET /fanout?calls=5&mode=parallel|sequential&delay=50ms&backend=db: several backend calls for one request, at the
/// same time or one after the other. Of n exponential delays of mean S, parallel calls wait S x (1 + 1/2 + ... + 1/n)
/// on average, sequential ones S x n.
class Fanout final : public Endpoint {
 public:
  explicit Fanout(BackendWait backend) : backend_(std::move(backend)) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto asked = read(exchange);
    if (!asked) {
      set_problem(exchange.response, 400, asked.error().message);
      co_return;
    }
    auto waiting = asked->sequential ? backend_.wait_for_each(io, exchange, asked->calls, asked->wish)
                                     : backend_.wait_for_all(io, exchange, asked->calls, asked->wish);
    const bool answered = co_await waiting;
    if (answered) exchange.response.body = fmt::format("{} calls answered\n", asked->calls);
  }

 private:
  static constexpr std::uint32_t default_calls = 5;
  static constexpr std::uint32_t most_calls = 64;

  struct Asked {
    std::uint32_t calls;
    bool sequential;
    BackendWait::Wish wish;
  };

  static Result<Asked> read(const Exchange& exchange) {
    const auto parameters = Parameters::parse(exchange.request.target, {"calls", "mode", "delay", "backend"});
    if (!parameters) return parameters.error();
    const auto calls = parameters->integer("calls", 1, most_calls);
    if (!calls) return calls.error();
    const auto mode = parameters->choice("mode", {"parallel", "sequential"});
    if (!mode) return mode.error();
    const auto wish = read_wish(*parameters);
    if (!wish) return wish.error();
    return Asked{calls->value_or(default_calls), *mode == 1, *wish};
  }

  BackendWait backend_;
};

/// GET /cpu?work=2ms: burns CPU, which is what an event loop must not do itself.
class Cpu final : public Endpoint {
 public:
  explicit Cpu(Telemetry& telemetry) : telemetry_(telemetry) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"work"});
    const auto work = parameters ? parameters->duration("work", most_work) : parameters.error();
    if (!work) {
      set_problem(exchange.response, 400, work.error().message);
      co_return;
    }
    auto computing = compute(io, exchange, telemetry_, [time = work->value_or(default_work)] { burn_cpu(time); });
    const bool computed = co_await computing;
    if (computed) exchange.response.body = "worked\n";
  }

 private:
  static constexpr std::chrono::milliseconds default_work{2};

  Telemetry& telemetry_;
};

/// GET /mix?work=1ms&delay=50ms&backend=db: CPU work, then a backend call.
class Mix final : public Endpoint {
 public:
  Mix(BackendWait backend, Telemetry& telemetry) : backend_(std::move(backend)), telemetry_(telemetry) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"work", "delay", "backend"});
    const auto work = parameters ? parameters->duration("work", most_work) : parameters.error();
    const auto wish = parameters ? read_wish(*parameters) : parameters.error();
    if (!work || !wish) {
      set_problem(exchange.response, 400, work ? wish.error().message : work.error().message);
      co_return;
    }
    auto computing = compute(io, exchange, telemetry_, [time = work->value_or(default_work)] { burn_cpu(time); });
    const bool computed = co_await computing;
    if (!computed) co_return;
    const bool answered = co_await backend_.wait(io, exchange, *wish);
    if (answered) exchange.response.body = "worked and waited\n";
  }

 private:
  static constexpr std::chrono::milliseconds default_work{1};

  BackendWait backend_;
  Telemetry& telemetry_;
};

/// GET /file?bytes=64KiB: reads that much of a file past the page cache. No loop can wait for it: epoll has no files.
class File final : public Endpoint {
 public:
  File(ScratchFile& file, Telemetry& telemetry) : file_(file), telemetry_(telemetry) {}

  Task<void> handle(Io& io, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"bytes"});
    const auto bytes = parameters ? parameters->size("bytes", ScratchFile::size) : parameters.error();
    if (!bytes) {
      set_problem(exchange.response, 400, bytes.error().message);
      co_return;
    }
    const std::uint64_t length = bytes->value_or(default_bytes);
    Result<ScratchFile::Way> read = Failure{};
    auto reading = compute(io, exchange, telemetry_, [&] {
      const ScopedActivity waiting(Activity::waiting);
      exchange.state->wait();
      read = file_.read(length, std::hash<std::string_view>()(exchange.request_id));
      exchange.state->run();
    });
    const bool done = co_await reading;
    if (!done) co_return;
    if (!read) {
      set_problem(exchange.response, 500, read.error().message);
      co_return;
    }
    exchange.response.body =
        fmt::format("{} bytes read past the page cache ({})\n", length,
                    *read == ScratchFile::Way::direct ? "O_DIRECT" : "its pages were dropped first");
  }

 private:
  static constexpr std::uint64_t default_bytes = 64 * 1024;

  ScratchFile& file_;
  Telemetry& telemetry_;
};

/// POST /echo: the request body back.
class Echo final : public Endpoint {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.content_type = "application/octet-stream";
    exchange.response.body = exchange.request.body;
    co_return;
  }
  bool reads_body() const noexcept override { return true; }
};

}  // namespace

std::unique_ptr<Router> make_endpoints(Backend& backend, std::chrono::nanoseconds backend_timeout, Telemetry& telemetry,
                                       SharedState& shared, LocalState& local) {
  const BackendWait backend_wait(backend, backend_timeout, telemetry);
  auto routes = std::make_unique<RouteTable>();
  routes->add("GET", "/plain", std::make_unique<Plain>());
  routes->add("GET", "/wait", std::make_unique<Wait>(backend_wait));
  routes->add("GET", "/fanout", std::make_unique<Fanout>(backend_wait));
  routes->add("GET", "/cpu", std::make_unique<Cpu>(telemetry));
  routes->add("GET", "/mix", std::make_unique<Mix>(backend_wait, telemetry));
  routes->add("GET", "/file", std::make_unique<File>(local.file, telemetry));
  routes->add("POST", "/echo", std::make_unique<Echo>());
  add_counter_routes(*routes, shared.counter, local.counted);
  add_account_routes(*routes, shared.accounts, backend_wait, telemetry);
  return routes;
}

}  // namespace waitlab::server
