#include "backend/hold_log.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <string_view>

namespace waitlab::backend {
namespace {

constexpr std::string_view header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";
constexpr std::size_t many_bytes = 64 * 1024;
constexpr std::chrono::seconds flush_interval{1};

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::served:
      return "served";
    case Outcome::rejected:
      return "rejected";
    case Outcome::expired:
      return "expired";
    case Outcome::aborted:
      break;
  }
  return "aborted";
}

/// Quotes a value that would otherwise break its line apart.
void append_value(std::string& line, std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += value;
    return;
  }
  line += '"';
  for (const char character : value) {
    if (character == '"') line += '"';
    line += character;
  }
  line += '"';
}

std::string failure(std::string_view deed, const std::string& path) {
  return fmt::format("cannot {} the hold log {}: {}; set profile.hold_log to a file that can be written, or to \"\"",
                     deed, path, std::strerror(errno));
}

}  // namespace

Result<std::unique_ptr<HoldLog>> HoldLog::open(const std::string& path, TimeSource& time) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return Failure{failure("open", path)};
  std::unique_ptr<HoldLog> log(new HoldLog(path, file, time));
  log->lines_ = header;
  if (!log->write()) return Failure{failure("write", path)};
  return log;
}

HoldLog::HoldLog(std::string path, std::FILE* file, TimeSource& time)
    : path_(std::move(path)), file_(file), time_(time) {
  std::setvbuf(file, nullptr, _IONBF, 0);
}

HoldLog::~HoldLog() {
  flush();
}

void HoldLog::append(const HoldRecord& record) {
  append_value(lines_, record.request_id);
  lines_ += ',';
  append_value(lines_, record.route);
  fmt::format_to(std::back_inserter(lines_), FMT_COMPILE(",{},{},{},{},{}\n"),
                 record.arrival.time_since_epoch().count(), record.drawn.count(), record.queued.count(),
                 record.held.count(), name(record.outcome));
  if (lines_.size() >= many_bytes) return flush();
  if (!flush_timer_) flush_timer_ = time_.call_at(time_.now() + flush_interval, [this] { flush(); });
}

void HoldLog::flush() {
  flush_timer_.reset();
  if (write() || told_of_failure_) return;
  told_of_failure_ = true;
  fmt::print(stderr, "waitlab-backend: {}\n", failure("write", path_));
}

bool HoldLog::write() {
  const bool written = std::fwrite(lines_.data(), 1, lines_.size(), file_.get()) == lines_.size();
  lines_.clear();
  return written;
}

}  // namespace waitlab::backend
