#include "client/commands/advise_arguments.hpp"

#include "client/commands/hold_flags.hpp"
#include "client/commands/load_flags.hpp"
#include "client/judge/threshold.hpp"
#include "common/process/resource_limits.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr const char* advise_purpose =
    R"(Advises a strategy and its size for a load, by queueing theory: the holds alone
(M/G/inf), Erlang-C, Goetz's number, the CPUs, the backend's own cap. It says
why, and what it does not know.)";

constexpr const char* advise_footer = R"(Examples:
  waitlab-client advise --rate 400 --hold-mean 50ms --slo 'p99<300ms'
  waitlab-client advise --rate 400 --hold-distribution lognormal \
      --hold-median 35ms --hold-p99 150ms --slo 'p99<200ms' --verify --quick

Exit codes: 0 advised, and with --verify it held, or no strategy serves the
load; 1 could not run; 2 wrong usage; 3 a run of --verify is INVALID; 4 the
advice did not hold.)";

constexpr double highest_rate = 1e6;
constexpr double slowest_rate = 1e-3;
constexpr double most_cpus = 4096;
constexpr std::uint64_t highest_cap = 1'000'000;

/// The words of the command line that need more than CLI11 to become values.
struct RawAdvise {
  double rate = 0;
  double cpus = 0;
  std::string slo;
  std::string cap;
  std::string cpu_per_request;
};

Result<void> read_service(const RawAdvise& raw, AdviceLoad& load) {
  if (!(raw.rate >= slowest_rate && raw.rate <= highest_rate))
    return Failure{
        fmt::format("--rate {:g} is out of range; give requests per second from 0.001 to 1000000", raw.rate)};
  load.rate = raw.rate;
  const auto slo = parse_threshold(raw.slo);
  if (!slo) return Failure{"--slo: " + slo.error().message};
  const auto goal = response_goal(*slo);
  if (!goal) return Failure{"--slo: " + goal.error().message};
  load.slo = slo->text;
  load.goal = *goal;
  return {};
}

Result<void> read_cap(const std::string& text, AdviceLoad& load) {
  if (text.empty()) return {};
  const std::string wrong = check_whole_number(text);
  if (!wrong.empty()) return Failure{"--backend-concurrency: " + wrong};
  const std::uint64_t cap = std::stoull(text);
  if (cap == 0 || cap > highest_cap)
    return Failure{
        fmt::format("--backend-concurrency {} is out of range; give 1 to {}, or leave it out if there is no "
                    "cap",
                    text, highest_cap)};
  load.backend_concurrency = static_cast<unsigned>(cap);
  return {};
}

Result<void> read_cpus(const CLI::App& app, const RawAdvise& raw, AdviceLoad& load) {
  const ResourceLimits limits = resource_limits();
  load.cpus = limits.cpus();
  load.thread_limit = limits.threads.most;
  if (app.count("--cpus") > 0) {
    if (!(raw.cpus > 0 && raw.cpus <= most_cpus))
      return Failure{
          fmt::format("--cpus {:g} is out of range; give more than 0 and at most {:g}", raw.cpus, most_cpus)};
    load.cpus = raw.cpus;
  }
  if (raw.cpu_per_request.empty()) return {};
  const auto time = read_duration_flag("--cpu-per-request", raw.cpu_per_request);
  if (!time) return time.error();
  if (time->count() == 0) return Failure{"--cpu-per-request is 0; every request takes some, such as 200us"};
  load.cpu_per_request = Seconds(*time);
  return {};
}

/// The words of the command line but for those about trying the advice out.
std::string asked_again(int argc, const char* const* argv) {
  constexpr std::array<std::string_view, 4> alone{"--verify", "--quick", "-q", "--quiet"};
  constexpr std::array<std::string_view, 3> with_value{"--json", "--out", "--bin"};
  std::vector<const char*> words{argv[0]};
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view flag = word.substr(0, word.find('='));
    if (std::ranges::find(alone, word) != alone.end()) continue;
    if (std::ranges::find(with_value, flag) == with_value.end())
      words.push_back(argv[i]);
    else if (flag == word)
      ++i;
  }
  return command_text("waitlab-client advise", static_cast<int>(words.size()), words.data());
}

void add_advise_options(CLI::App& app, AdviseArguments& arguments, RawAdvise& raw) {
  app.add_option("--slo", raw.slo, "What response times must meet: 'p99<200ms',\n'mean<80ms'")
      ->required()
      ->type_name("LIMIT");
  app.add_option("--backend-concurrency", raw.cap, "Holds that the backend serves at once\n(default: no cap)")
      ->type_name("N");
  app.add_option("--cpu-per-request", raw.cpu_per_request,
                 "All CPU time of a request (default: as\nmeasured of bare waits)")
      ->type_name("DURATION");
  app.add_option("--cpus", raw.cpus, "CPUs of the server (default: this machine's)")->type_name("N");
  auto* const verify = app.add_flag("--verify", arguments.verify, "Run it and the next smaller size, here");
  app.add_flag("--quick", arguments.quick, "With --verify: once, for some seconds")->needs(verify);
  app.add_option("--out", arguments.out, "With --verify: folder for the results")
      ->capture_default_str()
      ->type_name("DIR")
      ->needs(verify);
  app.add_option("--bin", arguments.programs, "Folder of the programs (default: this one's)")->type_name("DIR");
  app.add_option("--json", arguments.json_file, "Write the advice as JSON; - for stdout")->type_name("FILE");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress");
}

}  // namespace

Result<std::variant<AdviseArguments, HelpText>> parse_advise_arguments(int argc, const char* const* argv) {
  AdviseArguments arguments;
  arguments.programs = program_folder();
  RawAdvise raw;
  CLI::App app(advise_purpose, "waitlab-client advise");
  app.footer(advise_footer);
  app.add_option("--rate", raw.rate, "Requests per second, arriving at random")->required()->type_name("RATE");
  const HoldFlags hold(app);
  add_advise_options(app, arguments, raw);
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  if (auto read = read_service(raw, arguments.load); !read) return read.error();
  auto law = hold.law();
  if (!law) return law.error();
  arguments.load.hold = std::move(*law);
  if (auto read = read_cap(raw.cap, arguments.load); !read) return read.error();
  if (auto read = read_cpus(app, raw, arguments.load); !read) return read.error();
  arguments.command = asked_again(argc, argv);
  return arguments;
}

}  // namespace waitlab::client
