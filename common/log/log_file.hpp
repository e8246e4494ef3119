#pragma once

#include "common/result.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace waitlab {

/// A file that grows by whole lines while others read it. What is written is with the kernel when `write` returns, so
/// it outlives the process. Not thread-safe.
class LogFile {
 public:
  /// How messages call the file.
  struct Words {
    std::string program;  ///< whose it is: "waitlab-backend"
    std::string name;     ///< "hold log"
    std::string setting;  ///< that holds its path: "profile.hold_log"
  };

  /// Empties or creates the file and writes the header line. Failure says why not, and which setting to change.
  static Result<LogFile> open(const std::string& path, Words words, std::string_view header);

  /// Appends these lines. If that fails they are lost, which is told on stderr, the first time.
  void write(std::string_view lines);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  LogFile(std::string path, Words words, std::FILE* file);
  bool put(std::string_view lines);
  Failure failure(std::string_view deed) const;

  std::string path_;
  Words words_;
  std::unique_ptr<std::FILE, Close> file_;
  bool told_of_failure_ = false;
};

}  // namespace waitlab
