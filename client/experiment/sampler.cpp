#include "client/experiment/sampler.hpp"

#include "common/net/http_get.hpp"
#include "common/process/process_tree.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds sample_interval{100};
constexpr int samples_per_status = 5;
constexpr int samples_per_look = 2;  // at a server that can't be asked

}  // namespace

std::optional<std::uint64_t> resident_bytes(const Watched& watched) {
  if (!watched.processes) return std::nullopt;
  const auto sample = sample_processes(watched.processes());
  return sample ? std::optional(sample->rss_bytes) : std::nullopt;
}

Sampler::Sampler(Watched watched) : watched_(std::move(watched)) {
  if (!watched_.processes) return;
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
  if (!watcher_.joinable()) return {};
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

/// Whether a begin or an end of the window is still to be looked into.
bool Sampler::has_moved() {
  const std::scoped_lock lock(mutex_);
  return window_ != seen_;
}

void Sampler::watch(const std::stop_token& stop) {
  const int samples = watched_.admin_address.empty() ? samples_per_look : samples_per_status;
  auto due = Clock::now();
  for (int tick = 0;; ++tick) {
    Window window;
    {
      std::unique_lock lock(mutex_);
      moved_.wait_until(lock, stop, due, [this] { return window_ != seen_; });
      window = window_;
    }
    sample();
    if (window != seen_ || tick % samples == 0) read_status(window);
    seen_ = window;
    if (stop.stop_requested() && !has_moved()) return;
    due = std::max(due + sample_interval, Clock::now());
  }
}

void Sampler::sample() {
  // Of several, some may come and go for each request.
  if (processes_.size() > 1) processes_ = watched_.processes();
  const auto sample = sample_processes(processes_);
  if (!sample) return;  // it has ended: the runner will tell
  observation_.samples.push_back({.at = Clock::now() - began_,
                                  .threads = sample->threads,
                                  .rss_bytes = sample->rss_bytes,
                                  .cpu_time = sample->cpu_time});
  observation_.peak_threads = std::max(observation_.peak_threads, sample->threads);
  observation_.peak_rss_bytes = std::max(observation_.peak_rss_bytes, sample->rss_bytes);
}

/// The server itself, or the kernel where it can't be asked.
std::optional<ServerStatus> Sampler::ask() {
  if (watched_.admin_address.empty()) {
    const ResourceUsage usage = usage_.look(processes_);
    return ServerStatus{.uptime = Clock::now() - began_,
                        .cpu_time = usage.cpu_time,
                        .voluntary_switches = usage.voluntary_switches,
                        .involuntary_switches = usage.involuntary_switches,
                        .requests = {}};
  }
  const auto status = ask_status(watched_.admin_address);
  return status ? std::optional(*status) : std::nullopt;
}

void Sampler::read_status(Window window) {
  processes_ = watched_.processes();
  const auto status = ask();
  if (!status) return;
  if (status->requests) note(*status->requests);
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
void Sampler::note(const RequestsInside& requests) {
  if (!first_) first_ = requests;
  const auto raise = [](std::optional<std::uint64_t>& peak, std::uint64_t now, std::uint64_t of_life,
                        std::uint64_t before) {
    peak = std::max({peak.value_or(0), now, of_life > before ? of_life : 0});
  };
  raise(observation_.peak_in_flight, requests.in_flight, requests.in_flight_peak, first_->in_flight_peak);
  raise(observation_.peak_queued, requests.queued, requests.queued_peak, first_->queued_peak);
  if (observation_.samples.empty()) return;
  ServerSample& latest = observation_.samples.back();
  latest.in_flight = requests.in_flight;
  latest.queued = requests.queued;
  latest.rejected = requests.rejected;
}

namespace {

constexpr const char* request = "/trace?seconds=0.3";
constexpr std::chrono::seconds patience{3};
constexpr std::size_t most_bytes = 300'000;
constexpr unsigned http_ok = 200;

std::string ask(const std::string& admin_address) {
  const auto answer = http_get(admin_address, request, patience);
  return answer && answer->status == http_ok ? lanes_in(answer->body) : "";
}

}  // namespace

void LanePicture::take() {
  if (admin_address_.empty() || taken_.valid()) return;
  taken_ = std::async(std::launch::async, ask, admin_address_);
}

std::string LanePicture::finish() {
  return taken_.valid() ? taken_.get() : "";
}

std::string lanes_in(std::string_view trace) {
  const auto document = nlohmann::ordered_json::parse(trace, nullptr, false);
  if (!document.is_object() || !document.contains("traceEvents") || !document["traceEvents"].is_array()) return {};
  std::string events = document["traceEvents"].dump();
  return events.size() > most_bytes ? "" : events;
}

}  // namespace waitlab::client
