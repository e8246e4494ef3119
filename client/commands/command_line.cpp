#include "client/commands/command_line.hpp"

#include "client/record/load_result.hpp"
#include "common/process/standard_streams.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/find.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace waitlab::client {

ExitCode exit_code_of(const LoadResult& result) {
  if (result.aborted) return exit_threshold_missed;
  if (!result.valid()) return exit_invalid_run;
  const auto met = [](const ThresholdOutcome& outcome) { return outcome.met; };
  return std::all_of(result.thresholds.begin(), result.thresholds.end(), met) ? exit_good : exit_threshold_missed;
}

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

int fail(ExitCode code, const Failure& failure) {
  say(fmt::format("waitlab-client: {}\n", failure.message));
  return code;
}

namespace {

constexpr std::array<std::string_view, 3> secret_fields{"Authorization:", "Proxy-Authorization:", "Cookie:"};

/// The word with the value of a secret field, wherever it begins in it, taken out: "-HCookie: x", "--header=Cookie: x".
std::string without_secret(std::string_view word) {
  for (const std::string_view field : secret_fields) {
    const auto found = boost::ifind_first(word, field);
    if (found.empty()) continue;
    return std::string(word.begin(), found.end()).append(" ...");
  }
  return std::string(word);
}

}  // namespace

std::string command_text(const std::string& name, int argc, const char* const* argv) {
  std::string text = name;
  for (int i = 1; i < argc; ++i)
    text.append(" ").append(shell_word(without_secret(argv[i])));
  return text;
}

}  // namespace waitlab::client
