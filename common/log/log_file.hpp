#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/result.hpp"

#include <cstddef>
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

  /// Appends these lines. What cannot be written is lost, whole lines, which is told on stderr, the first time. Returns
  /// how many lines were.
  std::size_t write(std::string_view lines);

  /// If the file was moved away or removed, goes on in one by its path, which is created, with the header line if it is
  /// empty; otherwise does nothing. If it cannot, that is told on stderr, and lines go on to where they went.
  void reopen();

 private:
  LogFile(std::string path, Words words, std::string_view header);
  bool open_file(int flags);
  bool is_at_its_path() const;
  std::size_t put(std::string_view lines);
  void take_back(std::size_t bytes);
  Failure failure(std::string_view deed) const;
  void tell(const Failure& failure) const;

  std::string path_;
  Words words_;
  std::string header_;
  FileDescriptor file_;
  bool told_of_failure_ = false;
};

}  // namespace waitlab
