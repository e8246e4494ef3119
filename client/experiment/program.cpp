#include "client/experiment/program.hpp"

#include "common/net/socket_address.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>

namespace waitlab::client {
namespace {

constexpr std::streamoff tail_bytes = 8192;
constexpr std::size_t most_characters = 300;
constexpr const char* blanks = " \t\r\n\v\f";

std::string tail_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - tail_bytes));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of(blanks);
  if (end == std::string::npos) return {};
  const auto newline = text.rfind('\n', end);
  const auto begin = newline == std::string::npos ? 0 : newline + 1;
  return text.substr(begin, end + 1 - begin);
}

/// Each byte that is no UTF-8 becomes U+FFFD.
std::string valid_utf8(const std::string& bytes) {
  using nlohmann::json;
  return json::parse(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

/// Control characters become spaces: ESC and CR would steer the terminal. Those above ASCII are C2 80 to C2 9F.
std::string without_controls(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f) text[at] = ' ';
    if (byte == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0) text.replace(at, 2, " ");
  }
  return text;
}

std::string cut(const std::string& text) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && ++characters > most_characters) return text.substr(0, at) + "…";
  }
  return text;
}

}  // namespace

std::string last_words(const std::string& path) {
  return cut(without_controls(valid_utf8(last_line(tail_of(path)))));
}

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds start_patience{10'000};
constexpr milliseconds look_around{100};  ///< how often a wait looks for a stop request

}  // namespace

Program::Program(ChildProcess process, const Options& options)
    : process_(std::move(process)), name_(options.name), log_(options.log), stop_patience_(options.stop_patience) {}

Result<Program> Program::start(const Options& options, const std::stop_token& stop) {
  auto process = ChildProcess::start({.command = options.command,
                                      .cpus = options.cpus,
                                      .stderr_file = options.log,
                                      .stdout_to_stderr = options.prefixes.empty(),
                                      .environment = options.environment,
                                      .directory = options.directory});
  if (!process) return process.error();
  Program program(std::move(*process), options);
  if (auto read = program.read_addresses(options, stop); !read) return read.error();
  return program;
}

Result<void> Program::read_addresses(const Options& options, const std::stop_token& stop) {
  const auto deadline = Clock::now() + start_patience;
  while (addresses_.size() < options.prefixes.size()) {
    if (stop.stop_requested()) return failure("interrupted while it started");
    const auto line = process_.read_line(look_around);
    if (line) {
      if (auto address = address_in(*line, options.prefixes[addresses_.size()])) addresses_.push_back(*address);
    } else if (auto end = ended()) {
      return *end;
    } else if (Clock::now() > deadline) {
      return failure(fmt::format("did not say \"{} ADDRESS:PORT\" within {} s", options.prefixes[addresses_.size()],
                                 start_patience / std::chrono::seconds(1)));
    }
  }
  return {};
}

std::optional<Failure> Program::ended() {
  const auto code = process_.exit_code();
  if (!code) return std::nullopt;
  // Who is killed has no time for last words: its log is of something else.
  if (*code == 128 + SIGKILL) return Failure{fmt::format("{} ended by signal {}", name_, SIGKILL)};
  return failure(*code > 128 ? fmt::format("ended by signal {}", *code - 128)
                             : fmt::format("ended with exit code {}", *code));
}

Result<void> Program::stop() {
  const auto code = process_.stop(stop_patience_);
  if (code == 0) return {};
  return code ? *ended() : Failure{fmt::format("{} can't be ended: it runs as another user", name_)};
}

Failure Program::quoting_its_log(const Failure& failure) const {
  const std::string said = last_words(log_);
  return said.empty() ? failure : Failure{fmt::format("{}: {}", failure.message, said)};
}

Failure Program::failure(std::string_view what) const {
  return quoting_its_log(Failure{fmt::format("{} {}", name_, what)});
}

}  // namespace waitlab::client
