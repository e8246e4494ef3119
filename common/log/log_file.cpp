#include "common/log/log_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace waitlab {

Result<LogFile> LogFile::open(const std::string& path, Words words, std::string_view header) {
  LogFile log(path, std::move(words), std::fopen(path.c_str(), "we"));
  if (!log.file_) return log.failure("open");
  std::setvbuf(log.file_.get(), nullptr, _IONBF, 0);
  if (!log.put(header)) return log.failure("write");
  return log;
}

LogFile::LogFile(std::string path, Words words, std::FILE* file)
    : path_(std::move(path)), words_(std::move(words)), file_(file) {}

void LogFile::write(std::string_view lines) {
  if (put(lines) || told_of_failure_) return;
  told_of_failure_ = true;
  fmt::print(stderr, "{}: {}\n", words_.program, failure("write").message);
}

bool LogFile::put(std::string_view lines) {
  return std::fwrite(lines.data(), 1, lines.size(), file_.get()) == lines.size();
}

Failure LogFile::failure(std::string_view deed) const {
  return {fmt::format("cannot {} the {} {}: {}; set {} to a file that can be written, or to \"\"", deed, words_.name,
                      path_, std::strerror(errno), words_.setting)};
}

}  // namespace waitlab
