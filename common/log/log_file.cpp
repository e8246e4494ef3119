#include "common/log/log_file.hpp"

#include "common/process/standard_streams.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace waitlab {

Result<LogFile> LogFile::open(const std::string& path, Words words, std::string_view header) {
  LogFile log(path, std::move(words), header);
  if (!log.open_file(O_TRUNC)) return log.failure("open");
  if (log.put(header) < header.size()) return log.failure("write");
  return log;
}

LogFile::LogFile(std::string path, Words words, std::string_view header)
    : path_(std::move(path)), words_(std::move(words)), header_(header) {}

std::size_t LogFile::write(std::string_view lines) {
  const std::string_view rest = lines.substr(put(lines));
  if (!rest.empty() && !std::exchange(told_of_failure_, true)) tell(failure("write"));
  return static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n'));
}

void LogFile::reopen() {
  if (is_at_its_path()) return;
  if (!open_file(0)) return tell(failure("open"));
  told_of_failure_ = false;
  struct stat now {};
  if (::fstat(file_.get(), &now) == 0 && now.st_size == 0) write(header_);
}

/// Keeps the file that is open if this one can't be. Does not wait for somebody to read a pipe; to write to it may.
bool LogFile::open_file(int flags) {
  FileDescriptor opened(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | flags, 0666));
  if (!opened) return false;
  ::fcntl(opened.get(), F_SETFL, ::fcntl(opened.get(), F_GETFL) & ~O_NONBLOCK);
  file_ = std::move(opened);
  return true;
}

bool LogFile::is_at_its_path() const {
  struct stat open {};
  struct stat there {};
  return ::fstat(file_.get(), &open) == 0 && ::stat(path_.c_str(), &there) == 0 && open.st_dev == there.st_dev &&
         open.st_ino == there.st_ino;
}

/// Returns how many bytes it wrote, which are whole lines: of one that was cut, the begin is taken back.
std::size_t LogFile::put(std::string_view lines) {
  std::size_t written = 0;
  while (written < lines.size()) {
    const ssize_t count = ::write(file_.get(), lines.data() + written, lines.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  const std::size_t whole = lines.substr(0, written).rfind('\n') + 1;
  if (whole < written) take_back(written - whole);
  return whole;
}

void LogFile::take_back(std::size_t bytes) {
  const int error = errno;
  struct stat now {};
  if (::fstat(file_.get(), &now) == 0 && S_ISREG(now.st_mode)) {
    static_cast<void>(::ftruncate(file_.get(), now.st_size - static_cast<off_t>(bytes)));
  }
  errno = error;
}

Failure LogFile::failure(std::string_view deed) const {
  return {fmt::format("cannot {} the {} {}: {}; set {} to a file that can be written, or to \"\"", deed, words_.name,
                      path_, std::strerror(errno), words_.setting)};
}

void LogFile::tell(const Failure& failure) const {
  say(fmt::format("{}: {}\n", words_.program, failure.message));
}

}  // namespace waitlab
