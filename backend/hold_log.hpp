#pragma once

#include "backend/hold_record.hpp"
#include "backend/time_source.hpp"
#include "common/log/log_file.hpp"
#include "common/result.hpp"

#include <memory>
#include <string>
#include <utility>

namespace waitlab::backend {

/// A CSV file (RFC 4180) with a line for each hold that ended. Lines are collected in memory and written at least once
/// a second, when there are many, and on destruction. A write that fails is told once on stderr and its lines are lost.
/// One thread; the time source must outlive it.
class HoldLog {
 public:
  /// Empties or creates the file and writes the header line. Messages name `key`, which holds the path.
  static Result<std::unique_ptr<HoldLog>> open(const std::string& path, const std::string& key, TimeSource& time);

  HoldLog(const HoldLog&) = delete;
  HoldLog& operator=(const HoldLog&) = delete;
  ~HoldLog();

  void append(const HoldRecord& record);
  void flush();

  /// Goes on in a new file if this one was moved away.
  void reopen();

 private:
  HoldLog(LogFile file, TimeSource& time) : file_(std::move(file)), time_(time) {}

  LogFile file_;
  TimeSource& time_;
  std::string lines_;
  std::unique_ptr<Timer> flush_timer_;
};

}  // namespace waitlab::backend
