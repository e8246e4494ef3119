#include "common/log/log_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <cerrno>
#include <cstring>
#include <utility>

namespace waitlab {

Result<LogFile> LogFile::open(const std::string& path, Words words, std::string_view header) {
  LogFile log(path, std::move(words), header);
  if (!log.open_file(O_TRUNC)) return log.failure("open");
  if (!log.put(header)) return log.failure("write");
  return log;
}

LogFile::LogFile(std::string path, Words words, std::string_view header)
    : path_(std::move(path)), words_(std::move(words)), header_(header) {}

void LogFile::write(std::string_view lines) {
  if (put(lines) || told_of_failure_) return;
  told_of_failure_ = true;
  tell(failure("write"));
}

void LogFile::reopen() {
  if (is_at_its_path()) return;
  if (!open_file(0)) return tell(failure("open"));
  told_of_failure_ = false;
  struct stat now {};
  if (::fstat(::fileno(file_.get()), &now) == 0 && now.st_size == 0) write(header_);
}

/// Keeps the file that is open if this one can't be.
bool LogFile::open_file(int flags) {
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0666);
  if (descriptor < 0) return false;
  file_.reset(::fdopen(descriptor, "a"));
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  return true;
}

bool LogFile::is_at_its_path() const {
  struct stat open {};
  struct stat there {};
  return ::fstat(::fileno(file_.get()), &open) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

bool LogFile::put(std::string_view lines) {
  return std::fwrite(lines.data(), 1, lines.size(), file_.get()) == lines.size();
}

Failure LogFile::failure(std::string_view deed) const {
  return {fmt::format("cannot {} the {} {}: {}; set {} to a file that can be written, or to \"\"", deed, words_.name,
                      path_, std::strerror(errno), words_.setting)};
}

void LogFile::tell(const Failure& failure) const {
  fmt::print(stderr, "{}: {}\n", words_.program, failure.message);
}

}  // namespace waitlab
