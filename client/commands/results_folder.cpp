#include "client/commands/results_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <system_error>

namespace waitlab::client {

namespace fs = std::filesystem;

Result<fs::path> make_results_folder(const fs::path& out, const std::string& name) {
  const std::string stem = fmt::format("{}-{:%Y%m%d-%H%M%S}", name, fmt::localtime(std::time(nullptr)));
  fs::path folder = out / stem;
  for (int number = 2; fs::exists(folder); ++number)
    folder = out / fmt::format("{}-{}", stem, number);
  std::error_code error;
  fs::create_directories(folder / "logs", error);
  if (error) return Failure{fmt::format("--out: cannot make {}: {}", folder.string(), error.message())};
  return folder;
}

Result<fs::path> make_next_logs_folder(const fs::path& results) {
  fs::path folder;
  for (int number = 2; folder.empty() || fs::exists(folder); ++number)
    folder = results / fmt::format("logs-{}", number);
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return Failure{fmt::format("cannot make {}: {}", folder.string(), error.message())};
  return folder;
}

std::string result_of_word(const std::string& word) {
  std::error_code not_there;
  return fs::is_directory(word, not_there) ? (fs::path(word) / "result.json").string() : word;
}

void remove_empty_files(const fs::path& folder) {
  std::error_code ignored;  // what can't be removed does no harm
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_regular_file(ignored) && entry.file_size(ignored) == 0) fs::remove(entry.path(), ignored);
  }
}

}  // namespace waitlab::client
