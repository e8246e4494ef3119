#include "client/commands/run_arguments.hpp"

#include "client/engine/load_run.hpp"
#include "common/config/units.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace waitlab::client {
namespace {

constexpr const char* examples = R"(Examples:
  waitlab-client run http://127.0.0.1:8080/plain
      closed loop: 10 connections, each as fast as the server answers, for 10 s
  waitlab-client run -R 400 --arrivals poisson http://127.0.0.1:8080/wait
      open loop: 400 requests/s for 10 s, however late the answers are
  waitlab-client run -n 1 -c 1 -m POST --body hello http://127.0.0.1:8080/echo
      one request

Exit codes: 0 good; 1 could not run; 2 wrong usage; 3 the run is not valid.)";

/// The words of the command line that need more than CLI11 to become values.
struct RawArguments {
  std::string duration, timeout, warmup, arrivals = "constant", body_file;
  std::vector<std::string> headers;
};

/// An unsigned number would take a minus and wrap round.
std::string refuse_negative(const std::string& text) {
  return text.find('-') == std::string::npos ? "" : fmt::format("{} is negative; give 0 or more", text);
}

void add_load_options(CLI::App& app, LoadOptions& load, RawArguments& raw) {
  app.add_option("-d,--duration", raw.duration, "How long to start requests (10s, unless -n)")->type_name("DURATION");
  app.add_option("-n,--requests", load.requests, "How many requests; ends the run if before -d")
      ->check(refuse_negative)
      ->type_name("N");
  app.add_option("-R,--rate", load.rate, "Open loop: requests per second; else closed")->type_name("RATE");
  app.add_option("--arrivals", raw.arrivals, "Spacing of an open loop: constant or poisson")
      ->capture_default_str()
      ->type_name("KIND");
  app.add_option("-c,--connections", load.connections, "Of a closed loop; with -R: the cap")
      ->check(refuse_negative)
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--max-connections", load.max_connections, "Cap of an open loop; it opens what it needs")
      ->check(refuse_negative)
      ->capture_default_str()
      ->type_name("N");
  app.add_option("-t,--threads", load.threads, "Load threads, which share the work")
      ->check(refuse_negative)
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--timeout", raw.timeout, "From intended start to end of response (2s)")->type_name("DURATION");
  app.add_option("--warmup", raw.warmup, "Load before, not recorded (0s)")->type_name("DURATION");
  app.add_option("--seed", load.seed, "Of Poisson arrivals and of request ids")
      ->check(refuse_negative)
      ->capture_default_str()
      ->type_name("N");
}

void add_request_options(CLI::App& app, LoadOptions& load, RawArguments& raw) {
  app.add_option("url", load.url, "Where to send requests: http://host:port/path")->required()->type_name("URL");
  app.add_option("-m,--method", load.method, "Request method")->capture_default_str()->type_name("NAME");
  app.add_option("-H,--header", raw.headers, "A header 'Name: value'; may be repeated")
      ->allow_extra_args(false)
      ->type_name("HEADER");
  auto* body = app.add_option("--body", load.body, "Request body");
  app.add_option("--body-file", raw.body_file, "Request body from a file")->excludes(body)->type_name("FILE");
}

Result<void> read_duration(const char* option, const std::string& text, std::chrono::nanoseconds& value) {
  const auto parsed = parse_duration(text);
  if (!parsed) return Failure{fmt::format("{}: {}", option, parsed.error().message)};
  value = *parsed;
  return {};
}

Result<void> read_times(const RawArguments& raw, LoadOptions& load) {
  if (!raw.duration.empty()) {
    load.duration.emplace();
    if (auto read = read_duration("--duration", raw.duration, *load.duration); !read) return read;
  }
  if (!raw.timeout.empty()) {
    if (auto read = read_duration("--timeout", raw.timeout, load.timeout); !read) return read;
  }
  if (!raw.warmup.empty()) return read_duration("--warmup", raw.warmup, load.warmup);
  return {};
}

Result<void> read_arrivals(const std::string& text, LoadOptions& load) {
  if (text != "constant" && text != "poisson") {
    return Failure{fmt::format("--arrivals: '{}' is not known; choose constant or poisson", text)};
  }
  load.arrivals = text == "poisson" ? ArrivalKind::poisson : ArrivalKind::constant;
  return {};
}

Result<void> read_headers(const std::vector<std::string>& headers, LoadOptions& load) {
  for (const std::string& header : headers) {
    const auto colon = header.find(':');
    if (colon == std::string::npos) {
      return Failure{fmt::format("--header: '{}' has no colon; write -H 'Name: value'", header)};
    }
    const auto value = header.find_first_not_of(" \t", colon + 1);
    load.headers.emplace_back(header.substr(0, colon), value == std::string::npos ? "" : header.substr(value));
  }
  return {};
}

Result<void> read_body(const std::string& file, LoadOptions& load) {
  if (file.empty()) return {};
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) {
    return Failure{fmt::format("--body-file: '{}' cannot be read; give a readable file", file)};
  }
  load.body.assign(std::istreambuf_iterator<char>(stream), {});
  return {};
}

/// Refuses flags that would do nothing. In an open loop, `-c` is another name for --max-connections.
Result<void> settle_connections(const CLI::App& app, LoadOptions& load) {
  if (!load.rate) {
    for (const char* name : {"--arrivals", "--max-connections"}) {
      if (app.count(name) > 0) return Failure{fmt::format("{} has no effect without --rate; add -R or drop it", name)};
    }
    return {};
  }
  if (app.count("--connections") == 0) return {};
  if (app.count("--max-connections") > 0 && load.connections != load.max_connections) {
    return Failure{"--connections and --max-connections are both the cap of an open loop; give one of them"};
  }
  load.max_connections = load.connections;
  return {};
}

Result<void> complete(const CLI::App& app, const RawArguments& raw, LoadOptions& load) {
  if (auto read = read_times(raw, load); !read) return read;
  if (auto read = read_arrivals(raw.arrivals, load); !read) return read;
  if (auto settled = settle_connections(app, load); !settled) return settled;
  if (auto read = read_headers(raw.headers, load); !read) return read;
  if (auto read = read_body(raw.body_file, load); !read) return read;
  return check_options(load);
}

}  // namespace

Result<std::variant<RunArguments, HelpText>> parse_run_arguments(int argc, const char* const* argv) {
  RunArguments arguments;
  RawArguments raw;
  CLI::App app("Puts load on an HTTP server and reports response times that can be trusted.", "waitlab-client run");
  app.footer(examples);
  add_request_options(app, arguments.load, raw);
  add_load_options(app, arguments.load, raw);
  app.add_option("--json", arguments.json_file, "Write the result as JSON; - for stdout")->type_name("FILE");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress line and no summary");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return HelpText{app.help()};
  } catch (const CLI::ParseError& error) {
    return Failure{fmt::format("{}; see waitlab-client run --help", error.what())};
  }
  if (auto completed = complete(app, raw, arguments.load); !completed) return completed.error();
  arguments.load.command = fmt::format("waitlab-client run {}", fmt::join(argv + 1, argv + argc, " "));
  return arguments;
}

}  // namespace waitlab::client
