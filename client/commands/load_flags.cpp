#include "client/commands/load_flags.hpp"

#include "client/engine/request_template.hpp"
#include "common/config/units.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>

namespace waitlab::client {
namespace {

Result<HeaderFields> read_headers(const std::vector<std::string>& headers) {
  HeaderFields fields;
  for (const std::string& header : headers) {
    const auto colon = header.find(':');
    if (colon == std::string::npos) {
      return Failure{fmt::format("--header: '{}' has no colon; write -H 'Name: value'", header)};
    }
    const auto value = header.find_first_not_of(" \t", colon + 1);
    fields.emplace_back(header.substr(0, colon), value == std::string::npos ? "" : header.substr(value));
  }
  return fields;
}

/// Of a text that is looked for: every body holds an empty one.
std::string refuse_empty(const std::string& text) {
  return text.empty() ? "the value is empty; give a text, or leave the flag out" : "";
}

Result<ArrivalKind> read_arrivals(const std::string& text) {
  if (text == "constant") return ArrivalKind::constant;
  if (text == "poisson") return ArrivalKind::poisson;
  return Failure{fmt::format("--arrivals: '{}' is not known; choose constant or poisson", text)};
}

}  // namespace

Result<std::chrono::nanoseconds> read_duration_flag(const char* flag, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (!parsed) return Failure{fmt::format("{}: {}", flag, parsed.error().message)};
  return *parsed;
}

std::string check_whole_number(const std::string& text) {
  if (text.empty() || text == "0") return "";
  if (text.starts_with('-')) return fmt::format("{} is negative; give 0 or more", text);
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || text.starts_with('0'))
    return fmt::format("'{}' is no whole number; write it in decimal digits, without a 0 in front", text);
  return error == std::errc() ? "" : fmt::format("{} is too large; give at most {}", text, UINT64_MAX);
}

LoadFlags::LoadFlags(CLI::App& app) {
  app.option_defaults()->group("Request");
  add_request_flags(app);
  app.option_defaults()->group("Connections");
  add_server_flags(app);
  app.option_defaults()->group("Options");
}

void LoadFlags::add_request_flags(CLI::App& app) {
  app.add_option("url", load_.url, "Target: http://host:port/path")->required()->type_name("URL");
  app.add_option("-m,--method", load_.method, "Request method")->capture_default_str()->type_name("NAME");
  app.add_option("-H,--header", headers_, "A header 'Name: value'; repeatable")
      ->allow_extra_args(false)
      ->type_name("HEADER");
  auto* body = app.add_option("--body", load_.body, "Request body");
  auto* body_file = app.add_option("--body-file", body_file_, "Request body from a file")->excludes(body);
  body_file->type_name("FILE");
  app.add_option("--targets", targets_file_, "File with a mix of requests to send instead")
      ->excludes(body)
      ->excludes(body_file)
      ->type_name("FILE");
  app.add_option("--expect-status", load_.expect.statuses, "Expected status, 200 or 2xx; repeatable")
      ->allow_extra_args(false)
      ->type_name("STATUS");
  app.add_option("--expect-body", load_.expect.body, "Text that each response body must contain")
      ->check(refuse_empty)
      ->type_name("TEXT");
}

void LoadFlags::add_server_flags(CLI::App& app) {
  app.add_option("--arrivals", arrivals_, "Arrivals of an open loop: constant or poisson")
      ->capture_default_str()
      ->type_name("KIND");
  app.add_option("--max-connections", load_.max_connections, "Cap of an open loop, which opens as needed")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  app.add_flag("--no-keepalive", no_keep_alive_, "A new connection for each request");
  app.add_option("-t,--threads", load_.threads, "Load threads")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--timeout", timeout_, "From intended start to end of response (2s)")->type_name("DURATION");
  app.add_option("--warmup", warmup_, "Load before the measurement, not recorded (0s)")->type_name("DURATION");
  app.add_option("--seed", load_.seed, "For Poisson arrivals, the mix and request ids")
      ->check(check_whole_number)
      ->capture_default_str()
      ->type_name("N");
  auto* insecure = app.add_flag("--insecure", load_.tls.insecure, "https: trust any certificate");
  app.add_option("--ca-file", load_.tls.ca_file, "https: trust these PEM certificates instead")
      ->excludes(insecure)
      ->type_name("FILE");
}

Result<LoadOptions> LoadFlags::options() const {
  LoadOptions load = load_;
  load.keep_alive = !no_keep_alive_;
  if (auto read = read_texts(load); !read) return read.error();
  if (auto read = read_request(load); !read) return read.error();
  return load;
}

std::vector<std::string> LoadFlags::files() const {
  std::vector<std::string> given{body_file_, targets_file_, load_.tls.ca_file};
  std::erase(given, "");
  return given;
}

Result<void> LoadFlags::read_texts(LoadOptions& load) const {
  if (!timeout_.empty()) {
    const auto timeout = read_duration_flag("--timeout", timeout_);
    if (!timeout) return timeout.error();
    load.timeout = *timeout;
  }
  if (!warmup_.empty()) {
    const auto warmup = read_duration_flag("--warmup", warmup_);
    if (!warmup) return warmup.error();
    load.warmup = *warmup;
  }
  const auto arrivals = read_arrivals(arrivals_);
  if (!arrivals) return arrivals.error();
  load.arrivals = *arrivals;
  return {};
}

Result<void> LoadFlags::read_request(LoadOptions& load) const {
  auto headers = read_headers(headers_);
  if (!headers) return headers.error();
  load.headers = std::move(*headers);
  if (!body_file_.empty()) {
    auto body = read_body_file(body_file_);
    if (!body) return Failure{"--body-file: " + body.error().message};
    load.body = std::move(*body);
  }
  if (targets_file_.empty()) return {};
  if (load.method != LoadOptions().method) return Failure{"--targets: each target says its method; leave out --method"};
  auto targets = read_targets_file(targets_file_);
  if (!targets) return Failure{"--targets: " + targets.error().message};
  load.targets = std::move(*targets);
  return {};
}

}  // namespace waitlab::client
