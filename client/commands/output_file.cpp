#include "client/commands/output_file.hpp"

#include "client/commands/terminal.hpp"
#include "client/format/hdr_files.hpp"
#include "common/net/file_descriptor.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace waitlab::client {

namespace fs = std::filesystem;

namespace {

/// A device that takes nothing, as /dev/full.
bool is_full_device(const struct stat& file) {
  constexpr unsigned memory_devices = 1;
  constexpr unsigned full = 7;
  return S_ISCHR(file.st_mode) && ::major(file.st_rdev) == memory_devices && ::minor(file.st_rdev) == full;
}

/// Such a device, or a file system without a block left for this user.
bool has_no_room(const std::string& path, const fs::path& folder) {
  struct stat file {};
  if (::stat(path.c_str(), &file) == 0 && S_ISCHR(file.st_mode)) return is_full_device(file);
  struct statvfs system {};
  if (::statvfs(folder.c_str(), &system) != 0 || system.f_blocks == 0) return false;
  return (::geteuid() == 0 ? system.f_bfree : system.f_bavail) == 0;
}

/// "No space left on device": by the system's error, 0 where it is not known, or by what is to be seen of the disk.
std::string reason_of(int error, const fs::path& target) {
  std::error_code ignored;
  const bool full = has_no_room(target, fs::absolute(target, ignored).parent_path());
  if (full) return std::strerror(ENOSPC);
  return error == 0 ? "a part of it could not be written" : std::strerror(error);
}

/// Makes a file beside the target that was not there before, however many runs write to that target. It is open to
/// those to whom the target is. An empty path if it can't be made.
fs::path make_partial(const fs::path& target) {
  constexpr mode_t anyone = 0666;
  struct stat old {};
  const bool replaces = ::stat(target.c_str(), &old) == 0;
  for (unsigned number = 1;; ++number) {
    const std::string path = fmt::format("{}.{}-{}.partial", target.string(), ::getpid(), number);
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, replaces ? 0 : anyone));
    if (file && replaces) ::fchmod(file.get(), old.st_mode & (anyone | S_IXUSR | S_IXGRP | S_IXOTH));
    if (file) return path;
    if (errno != EEXIST) return {};
  }
}

}  // namespace

Result<WholeFile> WholeFile::open(const std::string& path) {
  if (path.empty()) return Failure{"'' is no file; give a path"};
  if (path == "-") return Failure{"'-' is no file, and only --json can go to stdout; give a path"};
  std::error_code error;
  if (has_no_room(path, fs::absolute(path, error).parent_path()))
    return Failure{fmt::format("'{}' has no room left; give another path", path)};
  const fs::file_type type = fs::status(path, error).type();
  const bool exists = type != fs::file_type::not_found;
  WholeFile file;
  file.target_ = type == fs::file_type::regular ? fs::canonical(path, error) : fs::path(path);
  const bool whole = !exists || type == fs::file_type::regular;
  errno = 0;
  const bool refused = exists && ::access(path.c_str(), W_OK) != 0;
  if (whole && !refused) file.partial_ = make_partial(file.target_);
  const bool tried = !refused && !(whole && file.partial_.empty());
  if (tried) file.stream_.open(whole ? file.partial_ : file.target_);
  if (file.stream_.is_open()) return file;
  return Failure{fmt::format("'{}' cannot be written: {}; give a writable path", path, std::strerror(errno))};
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : target_(std::move(other.target_)),
      partial_(std::exchange(other.partial_, {})),
      stream_(std::move(other.stream_)) {}

WholeFile::~WholeFile() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove(partial_, ignored);
}

Result<void> WholeFile::write(std::string_view text) {
  errno = 0;
  stream_ << text << std::flush;
  if (!stream_) error_ = errno;
  return finish();
}

Result<void> WholeFile::finish() {
  errno = 0;
  stream_.close();
  const int reason = error_ == 0 ? errno : error_;
  std::error_code error;
  if (stream_ && !partial_.empty()) fs::rename(partial_, target_, error);
  if (!stream_ || error) {
    return Failure{
        fmt::format("writing '{}' failed: {}", target_.string(), error ? error.message() : reason_of(reason, target_))};
  }
  partial_.clear();
  return {};
}

namespace {

/// Of the files that a path leads to. What is not there yet has a place all the same.
bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && !S_ISCHR(a.st_mode);
}

/// Where a file would come to be, behind links that lead to none.
fs::path place_of(const std::string& path) {
  constexpr int most_links = 40;
  std::error_code error;
  fs::path place = fs::absolute(path, error);
  for (int links = 0; links < most_links && fs::is_symlink(place, error); ++links)
    place = place.parent_path() / fs::read_symlink(place, error);
  return fs::weakly_canonical(place, error);
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat of_a {};
  struct stat of_b {};
  const bool a_is_there = ::stat(a.c_str(), &of_a) == 0;
  const bool b_is_there = ::stat(b.c_str(), &of_b) == 0;
  if (a_is_there && b_is_there) return is_same_file(of_a, of_b);
  return a_is_there == b_is_there && place_of(a) == place_of(b);
}

bool is_stream(const std::string& path, int descriptor) {
  struct stat of_path {};
  struct stat of_stream {};
  return ::stat(path.c_str(), &of_path) == 0 && ::fstat(descriptor, &of_stream) == 0 &&
         is_same_file(of_path, of_stream);
}

Failure written_twice(const std::string& path, const std::string& flag, const std::string& other) {
  return {fmt::format("{}: '{}' is where {} goes as well; give each a file of its own", flag, path, other)};
}

}  // namespace

Result<WholeFile> CommandFiles::open(const std::string& flag, const std::string& path) {
  for (const Named& other : written_) {
    if (is_same_file(path, other.path)) return written_twice(path, flag, other.flag);
  }
  for (const Stream& stream : streams_) {
    if (is_stream(path, stream.descriptor)) return written_twice(path, flag, stream.what);
  }
  auto file = WholeFile::open(path);
  if (!file) return Failure{fmt::format("{}: {}", flag, file.error().message)};
  written_.push_back({flag, path});
  return file;
}

Result<void> CommandFiles::use(const std::FILE* stream, const std::string& what) {
  const int descriptor = stream == stdout ? STDOUT_FILENO : STDERR_FILENO;
  for (const Named& other : written_) {
    if (is_stream(other.path, descriptor)) return written_twice(other.path, other.flag, what);
  }
  streams_.push_back({descriptor, what});
  return {};
}

Result<void> CommandFiles::expect_unwritten(const std::string& path) const {
  for (const Named& written : written_) {
    if (is_same_file(path, written.path)) {
      return Failure{
          fmt::format("{} is to be written, so it can't be read as well; give another {}", path, written.flag)};
    }
  }
  return {};
}

Result<void> CommandFiles::expect_unwritten(const std::vector<std::string>& paths) const {
  for (const std::string& path : paths) {
    if (auto kept = expect_unwritten(path); !kept) return kept;
  }
  return {};
}

Result<void> write_whole_file(const std::string& path, std::string_view text) {
  auto file = WholeFile::open(path);
  return file ? file->write(text) : file.error();
}

namespace {

Result<void> write_out(std::FILE* out, const std::string& text) {
  if (std::fputs(text.c_str(), out) != EOF && std::fflush(out) == 0) return {};
  return Failure{fmt::format("{} cannot be written: {}", out == stdout ? "stdout" : "stderr", std::strerror(errno))};
}

}  // namespace

Result<JsonOutput> JsonOutput::open(const std::optional<std::string>& path, CommandFiles& files) {
  JsonOutput output;
  output.on_stdout_ = path == "-";
  if (output.on_stdout_) {
    if (auto free = files.use(stdout, "--json -"); !free) return free.error();
  }
  if (!path || output.on_stdout_) return output;
  auto file = files.open("--json", *path);
  if (!file) return file.error();
  output.file_.emplace(std::move(*file));
  return output;
}

Result<void> JsonOutput::write(const nlohmann::ordered_json& json) {
  if (!on_stdout_ && !file_) return {};
  const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  return file_ ? file_->write(text) : write_out(stdout, text);
}

Result<void> expect_stdout() {
  struct stat file {};
  const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || ::fstat(STDOUT_FILENO, &file) != 0)
    return Failure{"stdout is closed and cannot be written; give it a place to go"};
  if (is_full_device(file)) return Failure{"stdout cannot be written: it has no room left"};
  return {};
}

Result<void> print_text(std::FILE* out, const std::string& text) {
  return write_out(out, for_locale(text));
}

Result<HgrmOutput> HgrmOutput::open(const std::optional<std::string>& path, CommandFiles& files) {
  HgrmOutput output;
  if (!path) return output;
  std::filesystem::path beside(*path);
  beside.replace_extension(".service" + beside.extension().string());
  auto response_time = files.open("--hgrm", *path);
  if (!response_time) return response_time.error();
  auto service_time = files.open("--hgrm", beside.string());
  if (!service_time) return service_time.error();
  output.response_time_.emplace(std::move(*response_time));
  output.service_time_.emplace(std::move(*service_time));
  return output;
}

Result<void> HgrmOutput::write(const LoadRecord& record) {
  if (!response_time_) return {};
  auto first = response_time_->write(hgrm_text(record.response_time));
  auto second = service_time_->write(hgrm_text(record.service_time));
  return first ? second : first;
}

}  // namespace waitlab::client
