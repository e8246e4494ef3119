#include "server/telemetry/views.hpp"

#include "server/counts/tracks.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace waitlab::server {

namespace {

using Span = Trace::Span;
using Spans = std::vector<const Span*>;

class ChromeTrace {
 public:
  explicit ChromeTrace(const Trace& trace) : trace_(trace) {}

  std::string text() {
    out_ = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
    name_processes();
    name_threads();
    for (const Span& span : trace_.spans) {
      if (span.group->kind() == Tracks::Kind::threads) add_thread_span(span);
    }
    add_requests();
    out_ += "\n],\"otherData\":";
    append("{{\"seconds\":{:.6f},\"full\":{},\"spans\":{},\"spans_dropped\":{}}}}}\n", microseconds(trace_.end) / 1e6,
           trace_.full, trace_.spans.size(), trace_.dropped);
    return std::move(out_);
  }

 private:
  double microseconds(Trace::TimePoint time) const {
    return std::chrono::duration<double, std::micro>(time - trace_.begin).count();
  }

  template <class... Values>
  void append(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Values>(values)...);
  }

  /// Begins an event; `rest` follows after its first members.
  template <class... Values>
  void add_event(const Tracks& group, fmt::format_string<Values...> rest, Values&&... values) {
    append("{}\n{{\"pid\":{},", std::exchange(is_first_, false) ? "" : ",", process_of(group));
    append(rest, std::forward<Values>(values)...);
    out_ += '}';
  }

  /// A strategy's number, from 1.
  std::size_t process_of(const Tracks& group) {
    const auto found = std::find(strategies_.begin(), strategies_.end(), group.strategy());
    if (found != strategies_.end()) return static_cast<std::size_t>(found - strategies_.begin()) + 1;
    strategies_.push_back(group.strategy());
    return strategies_.size();
  }

  void name_processes() {
    std::set<std::string_view> named;
    const auto name = [&](const Tracks& group) {
      if (!named.insert(group.strategy()).second) return;
      add_event(group, R"("ph":"M","name":"process_name","args":{{"name":"{}"}})", group.strategy());
    };
    for (const auto& [group, number] : trace_.threads)
      name(*group);
    for (const Span& span : trace_.spans)
      name(*span.group);
  }

  /// Those that did nothing but idle too, and those that have ended.
  void name_threads() {
    std::set<std::pair<const Tracks*, std::uint32_t>> threads(trace_.threads.begin(), trace_.threads.end());
    for (const Span& span : trace_.spans) {
      if (span.group->kind() == Tracks::Kind::threads) threads.emplace(span.group, span.track);
    }
    for (const auto& [group, number] : threads) {
      add_event(*group, R"("tid":{0},"ph":"M","name":"thread_name","args":{{"name":"thread {0}"}})", number + 1);
      add_event(*group, R"("tid":{0},"ph":"M","name":"thread_sort_index","args":{{"sort_index":{0}}})", number + 1);
    }
  }

  void add_thread_span(const Span& span) {
    add_event(*span.group, R"("tid":{},"ph":"X","cat":"thread","name":"{}","ts":{:.3f},"dur":{:.3f})", span.track + 1,
              name_of(span.activity), microseconds(span.begin), microseconds(span.end) - microseconds(span.begin));
    if (span.request == 0) return;
    out_.pop_back();
    append(R"(,"args":{{"request":{}}}}})", span.request);
  }

  void add_requests() {
    Spans spans;
    for (const Span& span : trace_.spans) {
      if (span.group->kind() == Tracks::Kind::requests) spans.push_back(&span);
    }
    const auto key = [](const Span* span) { return std::tuple(span->group, span->request, span->begin); };
    std::ranges::stable_sort(spans, {}, key);
    for (auto first = spans.begin(); first != spans.end();) {
      const auto is_other = [&](const Span* span) {
        return span->group != (*first)->group || span->request != (*first)->request;
      };
      const auto last = std::find_if(first, spans.end(), is_other);
      add_request({first, last});
      first = last;
    }
  }

  void add_request(std::span<const Span* const> spans) {
    add_request_event(*spans.front(), 'b', "request", spans.front()->begin);
    for (const Span* span : spans) {
      add_request_event(*span, 'b', name_of(span->activity), span->begin);
      add_request_event(*span, 'e', name_of(span->activity), span->end);
    }
    add_request_event(*spans.back(), 'e', "request", spans.back()->end);
  }

  void add_request_event(const Span& span, char phase, std::string_view name, Trace::TimePoint time) {
    add_event(*span.group, R"("tid":0,"ph":"{}","cat":"request","id2":{{"local":"{}"}},"name":"{}","ts":{:.3f})", phase,
              span.request, name, microseconds(time));
  }

  const Trace& trace_;
  std::string out_;
  bool is_first_ = true;
  std::vector<std::string_view> strategies_;
};

}  // namespace

std::string chrome_trace(const Trace& trace) {
  return ChromeTrace(trace).text();
}

}  // namespace waitlab::server
