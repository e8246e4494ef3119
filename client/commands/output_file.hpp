#pragma once

#include "client/record/load_record.hpp"
#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// A file that is written as a whole or not at all: the text goes to a new file beside it, of this process alone, which
/// takes its place at the end. So what stood there survives until there is something better. What is no regular file,
/// such as a pipe, is written directly.
class WholeFile {
 public:
  /// Finds out at once whether the file can be written, and whether there is room left. Failure names it. "-" is none.
  static Result<WholeFile> open(const std::string& path);

  WholeFile(WholeFile&& other) noexcept;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile();

  /// For what is written bit by bit.
  std::ostream& stream() noexcept { return stream_; }
  /// Once: puts what was written in its place. Failure if any of it could not be written.
  Result<void> finish();
  /// The whole text at once, and then `finish`.
  Result<void> write(std::string_view text);

 private:
  WholeFile() = default;

  std::filesystem::path target_;
  std::filesystem::path partial_;  ///< to be renamed or removed; empty: the target is written directly
  std::ofstream stream_;
  int error_ = 0;  ///< of the system, if `write` failed
};

/// The files that a command reads and writes, so that it writes none twice and none that it reads. Two paths may lead
/// to the same file, and a terminal or /dev/null takes as much as one likes.
class CommandFiles {
 public:
  /// Opens the file that this flag names. Failure says what is wrong with it, or which other flag names it.
  Result<WholeFile> open(const std::string& flag, const std::string& path);
  /// Says what goes to stdout or stderr, which may be a file too. Failure if a flag names that.
  Result<void> use(const std::FILE* stream, const std::string& what);
  /// Whether a file that is read, or each of several, stays what it is.
  Result<void> expect_unwritten(const std::string& path) const;
  Result<void> expect_unwritten(const std::vector<std::string>& paths) const;

 private:
  struct Named {
    std::string flag;
    std::string path;
  };

  struct Stream {
    int descriptor;
    std::string what;  ///< goes there
  };

  std::vector<Named> written_;
  std::vector<Stream> streams_;
};

/// The same for a text that is there already.
Result<void> write_whole_file(const std::string& path, std::string_view text);

/// Where a command's `--json FILE|-` goes. With `-` the JSON has stdout for itself, and people read stderr.
class JsonOutput {
 public:
  /// Nothing is written without a path. Opened before the work, so that a path that can't be written costs no time.
  static Result<JsonOutput> open(const std::optional<std::string>& path, CommandFiles& files);

  /// Where the text for people goes.
  std::FILE* text_stream() const { return on_stdout_ ? stderr : stdout; }

  /// Once. Bytes that are not UTF-8, which a command line may hold, are replaced.
  Result<void> write(const nlohmann::ordered_json& json);

 private:
  JsonOutput() = default;

  bool on_stdout_ = false;
  std::optional<WholeFile> file_;
};

/// Whether stdout takes anything at all, to be asked before work whose result goes there.
Result<void> expect_stdout();

/// Writes the text, for people (`for_locale`), out at once. Failure if not all of it could be.
Result<void> print_text(std::FILE* out, const std::string& text);

/// Where a command's `--hgrm FILE` goes: response times to FILE, service times beside it, to FILE with `.service`
/// before its ending ("run.hgrm" and "run.service.hgrm").
class HgrmOutput {
 public:
  /// Nothing is written without a path. Opened before the work, so that a path that can't be written costs no time.
  static Result<HgrmOutput> open(const std::optional<std::string>& path, CommandFiles& files);

  /// Once.
  Result<void> write(const LoadRecord& record);

 private:
  HgrmOutput() = default;

  std::optional<WholeFile> response_time_;
  std::optional<WholeFile> service_time_;
};

}  // namespace waitlab::client
