#include "server/telemetry/request_log.hpp"

#include "common/csv/csv_line.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <utility>

namespace waitlab::server {

namespace {

constexpr std::chrono::milliseconds write_interval{500};

std::string header() {
  return fmt::format("request_id,route,enqueued_ns,started_ns,ended_ns,queued_ns,backend_ns,status,strategy,{}\n",
                     fmt::join(facts_columns(), ","));
}

}  // namespace

Result<std::unique_ptr<RequestLog>> RequestLog::open(const std::string& path, Room room) {
  auto file = LogFile::open(path, {"waitlab-server", "request log", "telemetry.request_log"}, header());
  if (!file) return file.error();
  return std::unique_ptr<RequestLog>(new RequestLog(std::move(*file), room));
}

RequestLog::RequestLog(LogFile file, Room room) : room_(room), file_(std::move(file)) {
  for (Batch* batch : {&pending_, &written_}) {
    batch->rows.reserve(room.rows);
    batch->text.reserve(room.text_bytes);
  }
  writer_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

RequestLog::~RequestLog() {
  writer_.request_stop();
  writer_.join();
  flush();
}

std::string_view RequestLog::served_by(const std::string& strategy, const StrategyFacts& facts) {
  std::string end;
  append_csv_value(end, strategy);
  end += "," + facts_values(facts);
  const std::scoped_lock lock(mutex_);
  return *served_by_.insert(std::move(end)).first;
}

std::uint64_t RequestLog::append(const RequestRow& row) {
  std::uint64_t lost = take_unwritten();
  bool many = false;
  {
    const std::scoped_lock lock(mutex_);
    const std::size_t text_bytes = pending_.text.size() + row.request_id.size() + row.route.size();
    if (pending_.rows.size() == room_.rows || text_bytes > room_.text_bytes) return lost + 1;
    Stored& stored = pending_.rows.emplace_back(Stored{row, row.request_id.size(), row.route.size()});
    stored.row.request_id = stored.row.route = {};
    pending_.text.append(row.request_id).append(row.route);
    many = pending_.rows.size() == room_.rows / 2;
  }
  if (many) many_.notify_one();
  return lost;
}

std::uint64_t RequestLog::take_unwritten() {
  // Nearly always: all threads that serve come here, and only read.
  if (unwritten_.load(std::memory_order_relaxed) == 0) return 0;
  return unwritten_.exchange(0, std::memory_order_relaxed);
}

void RequestLog::flush() {
  const std::scoped_lock writing(writing_mutex_);
  {
    const std::scoped_lock lock(mutex_);
    std::swap(pending_, written_);
  }
  format(written_);
  written_.rows.clear();
  written_.text.clear();
  unwritten_ += file_.write(lines_);
  lines_.clear();
}

void RequestLog::reopen() {
  flush();
  const std::scoped_lock writing(writing_mutex_);
  file_.reopen();
}

void RequestLog::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      many_.wait_for(lock, stop, write_interval, [this] { return pending_.rows.size() >= room_.rows / 2; });
    }
    flush();
  }
}

void RequestLog::format(const Batch& batch) {
  std::string_view text = batch.text;
  const auto take = [&text](std::size_t size) {
    const std::string_view value = text.substr(0, size);
    text.remove_prefix(size);
    return value;
  };
  const auto unix_ns = [this](RequestRow::TimePoint moment) {
    return unix_clock_.at(moment).time_since_epoch().count();
  };
  const auto out = std::back_inserter(lines_);
  for (const auto& [row, id_size, route_size] : batch.rows) {
    append_csv_value(lines_, take(id_size));
    lines_ += ',';
    append_csv_value(lines_, take(route_size));
    fmt::format_to(out, FMT_COMPILE(",{},"), unix_ns(row.enqueued));
    if (row.started) fmt::format_to(out, FMT_COMPILE("{}"), unix_ns(*row.started));
    fmt::format_to(out, FMT_COMPILE(",{},{},{},{},{}\n"), unix_ns(row.ended),
                   (row.started.value_or(row.ended) - row.enqueued).count(), row.backend.count(), row.status,
                   row.served_by);
  }
}

}  // namespace waitlab::server
