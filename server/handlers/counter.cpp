#include "server/handlers/counter.hpp"

#include "server/counts/thread_track.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <numeric>

namespace waitlab::server {

namespace {

constexpr std::uint32_t most_times = 100'000;

constexpr auto relaxed = std::memory_order_relaxed;

/// The calling thread's number among those that serve, be they threads or processes.
std::size_t worker_number() {
  const Track* const lane = ThreadTrack::of_this_thread();
  return lane == nullptr ? 0 : lane->number();
}

/// One number of GET /counter: how often it was to be counted, how often it was, and the difference.
void append_number(std::string& json, std::string_view name, const Counter::Value& value) {
  json += fmt::format("{}\"{}\":{{\"asked\":{},\"counted\":{},\"lost\":{}}}", json.empty() ? "{" : ",", name,
                      value.asked, value.counted, static_cast<std::int64_t>(value.asked - value.counted));
}

class CountUp final : public Endpoint {
 public:
  CountUp(Counter& counter, UnsharedCount& unshared) : counter_(counter), unshared_(unshared) {}

  Task<void> handle(Io&, Exchange& exchange) override {
    const auto parameters = Parameters::parse(exchange.request.target, {"sync", "times"});
    const auto sync = parameters ? parameters->choice("sync", Counter::sync_names) : parameters.error();
    const auto times = parameters ? parameters->integer("times", 1, most_times) : parameters.error();
    if (!sync || !times) {
      set_problem(exchange.response, 400, sync ? times.error().message : sync.error().message);
      co_return;
    }
    counter_.add(static_cast<Counter::Sync>(*sync), times->value_or(1));
    unshared_.fetch_add(times->value_or(1), relaxed);
    exchange.response.body = "counted\n";
  }

 private:
  Counter& counter_;
  UnsharedCount& unshared_;
};

class TellCounts final : public Endpoint {
 public:
  TellCounts(Counter& counter, const UnsharedCount& unshared) : counter_(counter), unshared_(unshared) {}

  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.content_type = "application/json";
    std::string& body = exchange.response.body;
    for (std::size_t index = 0; index < Counter::sync_names.size(); ++index)
      append_number(body, Counter::sync_names[index], counter_.value(static_cast<Counter::Sync>(index)));
    append_number(body, "unshared", {counter_.asked(), unshared_.load(relaxed)});
    body += "}\n";
    co_return;
  }

 private:
  Counter& counter_;
  const UnsharedCount& unshared_;
};

}  // namespace

void Counter::add(Sync sync, std::uint64_t times) {
  for (std::uint64_t time = 0; time < times; ++time)
    add_one(sync);
  asked_[static_cast<std::size_t>(sync)].number.fetch_add(times, relaxed);
}

void Counter::add_one(Sync sync) {
  switch (sync) {
    case Sync::none:
      unguarded_.number.store(unguarded_.number.load(relaxed) + 1, relaxed);
      break;
    case Sync::mutex: {
      const auto lock = lock_visibly(mutex_);
      ++guarded_;
      break;
    }
    case Sync::atomic:
      atomic_.number.fetch_add(1, relaxed);
      break;
    case Sync::sharded:
      sharded_[worker_number() % shards].number.fetch_add(1, relaxed);
      break;
  }
}

Counter::Value Counter::value(Sync sync) {
  Value value{.asked = asked_[static_cast<std::size_t>(sync)].number.load(relaxed)};
  if (sync == Sync::none) value.counted = unguarded_.number.load(relaxed);
  if (sync == Sync::atomic) value.counted = atomic_.number.load(relaxed);
  if (sync == Sync::sharded) {
    value.counted =
        std::accumulate(sharded_.begin(), sharded_.end(), std::uint64_t{0},
                        [](std::uint64_t sum, const Cell& cell) { return sum + cell.number.load(relaxed); });
  }
  if (sync == Sync::mutex) {
    const std::scoped_lock lock(mutex_);
    value.counted = guarded_;
  }
  return value;
}

std::uint64_t Counter::asked() const noexcept {
  return std::accumulate(asked_.begin(), asked_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Cell& cell) { return sum + cell.number.load(relaxed); });
}

void add_counter_routes(RouteTable& routes, Counter& counter, UnsharedCount& unshared) {
  routes.add("POST", "/counter", std::make_unique<CountUp>(counter, unshared));
  routes.add("GET", "/counter", std::make_unique<TellCounts>(counter, unshared));
}

}  // namespace waitlab::server
