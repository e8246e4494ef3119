#include "backend/hold_log.hpp"

#include "common/csv/csv_line.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace waitlab::backend {
namespace {

constexpr std::string_view header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";
constexpr std::size_t many_bytes = 64 * 1024;
constexpr std::chrono::milliseconds flush_interval{100};

}  // namespace

Result<std::unique_ptr<HoldLog>> HoldLog::open(const std::string& path, const std::string& key, TimeSource& time) {
  auto file = LogFile::open(path, {"waitlab-backend", "hold log", key}, header);
  if (!file) return file.error();
  return std::unique_ptr<HoldLog>(new HoldLog(std::move(*file), time));
}

HoldLog::~HoldLog() {
  flush();
}

void HoldLog::append(const HoldRecord& record) {
  append_csv_value(lines_, record.request_id);
  lines_ += ',';
  append_csv_value(lines_, record.route);
  fmt::format_to(std::back_inserter(lines_), FMT_COMPILE(",{},{},{},{},{}\n"),
                 record.arrival.time_since_epoch().count(), record.drawn.count(), record.queued.count(),
                 record.held.count(), outcome_names[static_cast<std::size_t>(record.outcome)]);
  if (lines_.size() >= many_bytes) return flush();
  if (!flush_timer_) flush_timer_ = time_.call_at(time_.now() + flush_interval, [this] { flush(); });
}

void HoldLog::flush() {
  flush_timer_.reset();
  file_.write(lines_);
  lines_.clear();
}

void HoldLog::reopen() {
  flush();
  file_.reopen();
}

}  // namespace waitlab::backend
