#include "client/experiment/sampler.hpp"

#include "common/net/http_get.hpp"
#include "common/process/process_stats.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds sample_interval{100};
constexpr int samples_per_status = 5;
constexpr milliseconds status_patience{2'000};

}  // namespace

Sampler::Sampler(pid_t server, std::string admin_address) : server_(server), admin_address_(std::move(admin_address)) {
  // On this thread: the watcher may get no CPU before a short window is over, and usage needs what was before it.
  read_status(Window::before);
  watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

Sampler::~Sampler() = default;

void Sampler::begin_window() {
  move_to(Window::open);
}

void Sampler::end_window() {
  move_to(Window::over);
}

ServerObservation Sampler::finish() {
  end_window();
  watcher_.request_stop();
  watcher_.join();
  if (window_begin_ && window_end_) observation_.usage = usage_between(*window_begin_, *window_end_);
  return std::move(observation_);
}

void Sampler::move_to(Window window) {
  const std::scoped_lock lock(mutex_);
  window_ = std::max(window_, window);
  moved_.notify_one();
}

void Sampler::watch(const std::stop_token& stop) {
  auto due = Clock::now();
  for (int tick = 0;; ++tick) {
    Window window;
    {
      std::unique_lock lock(mutex_);
      moved_.wait_until(lock, stop, due, [this] { return window_ != seen_; });
      window = window_;
    }
    sample();
    if (window != seen_ || tick % samples_per_status == 0) read_status(window);
    seen_ = window;
    if (stop.stop_requested()) return;
    due = std::max(due + sample_interval, Clock::now());
  }
}

void Sampler::sample() {
  const auto sample = sample_process(server_);
  if (!sample) return;  // the server has ended: the runner will tell
  observation_.samples.push_back({.at = Clock::now() - began_,
                                  .threads = sample->threads,
                                  .rss_bytes = sample->rss_bytes,
                                  .cpu_time = sample->cpu_time});
  observation_.peak_threads = std::max(observation_.peak_threads, sample->threads);
  observation_.peak_rss_bytes = std::max(observation_.peak_rss_bytes, sample->rss_bytes);
}

void Sampler::read_status(Window window) {
  const auto answer = http_get(admin_address_, "/status", status_patience);
  if (!answer) return;
  const auto status = parse_server_status(answer->body);
  if (!status) return;
  note(*status);
  if (window == Window::before) {
    before_ = *status;
  } else if (window == Window::open && !window_begin_) {
    window_begin_ = *status;
  } else if (window == Window::over && !window_end_) {
    // A window that was over before it was looked into begins with the last look before it: usage has its own span.
    if (!window_begin_) window_begin_ = before_;
    window_end_ = *status;
  }
}

/// The server's own peaks are of its whole life: one that rose since the first look is of this run. Else the peak of
/// this run is unknown, and the highest value seen is a lower bound.
void Sampler::note(const ServerStatus& status) {
  if (!first_) first_ = status;
  const auto raise = [](std::optional<std::uint64_t>& peak, std::uint64_t now, std::uint64_t of_life,
                        std::uint64_t before) {
    peak = std::max({peak.value_or(0), now, of_life > before ? of_life : 0});
  };
  raise(observation_.peak_in_flight, status.in_flight, status.in_flight_peak, first_->in_flight_peak);
  raise(observation_.peak_queued, status.queued, status.queued_peak, first_->queued_peak);
}

}  // namespace waitlab::client
