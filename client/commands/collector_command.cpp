#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/load_flags.hpp"
#include "client/commands/run_arguments.hpp"
#include "client/commands/run_session.hpp"
#include "client/fleet/admission.hpp"
#include "client/fleet/fleet.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/standard_streams.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace waitlab::client {
namespace {

constexpr unsigned most_workers = 1000;

constexpr const char* collector_examples = R"(Examples:
  waitlab-client collector --workers 2 -R 400 -d 10s http://127.0.0.1:8080/wait
      waits for two 'waitlab-client worker', which make one load together: the
      requests are those that 'run' with the same flags would send alone
  waitlab-client collector --workers 4 --listen 0.0.0.0:7411 \
      --token-file token -R 20000 http://server:8080/plain
      for workers on other machines, each with the same token

The result is as exact as that of one client: counts and histograms add up. It
is INVALID if a worker does not come, is late for the start, or is lost.

)";

/// What the command line of `collector` asked for.
struct CollectorArguments {
  RunArguments run;
  fleet::FleetOptions fleet;
};

struct CollectorFlags {
  unsigned workers = 0;
  std::string listen = "127.0.0.1:7411";
  std::string gather = "60s";
  std::string token_file;
};

void add_worker_flags(CLI::App& app, CollectorFlags& flags) {
  app.option_defaults()->group("Workers");
  app.add_option("-w,--workers", flags.workers, "How many workers make the load together")
      ->required()
      ->check(check_whole_number)
      ->type_name("N");
  app.add_option("--listen", flags.listen, "Where they find this collector; port 0: any free one")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  app.add_option("--gather", flags.gather, "How long to wait until all are there and ready")
      ->capture_default_str()
      ->type_name("DURATION");
  app.add_option("--token-file", flags.token_file, "File with the token that workers need (or WAITLAB_TOKEN)")
      ->type_name("FILE");
}

bool is_loopback(const SocketAddress& address) {
  const std::string text = address.to_string();
  return text.starts_with("127.") || text.starts_with("[::1]");
}

/// HOST:PORT, whose port may be 0.
Result<SocketAddress> read_listen(const std::string& text) {
  const bool any = text.ends_with(":0");
  auto address = resolve_authority(any ? text.substr(0, text.size() - 1) + "1" : text);
  if (!address) return Failure{"--listen: " + address.error().message};
  if (any) address->set_port(0);
  return address;
}

/// Each worker has something to do.
Result<void> check_shares(const LoadOptions& load, unsigned workers) {
  const auto refuse = [workers](const auto& what) {
    return Failure{
        fmt::format("--workers: {} is too little for {} workers; ask for more, or for fewer workers", what, workers)};
  };
  if (load.rate && *load.rate < workers) return refuse(fmt::format("a rate of {:g}/s", *load.rate));
  for (const RateSegment& step : load.steps) {
    if (step.from < workers || step.to < workers)
      return refuse(fmt::format("a rate of {:g}/s", std::min(step.from, step.to)));
  }
  if (load.requests && *load.requests < workers) return refuse(fmt::format("{} requests", *load.requests));
  return {};
}

Result<fleet::FleetOptions> read_fleet(const CollectorFlags& flags) {
  fleet::FleetOptions options;
  if (flags.workers == 0 || flags.workers > most_workers)
    return Failure{fmt::format("--workers: give at least 1 and at most {}, not {}", most_workers, flags.workers)};
  options.workers = flags.workers;
  const auto gather = read_duration_flag("--gather", flags.gather);
  if (!gather) return gather.error();
  options.gather = *gather;
  const auto listen = read_listen(flags.listen);
  if (!listen) return listen.error();
  options.listen = *listen;
  const auto token = fleet::read_token(flags.token_file);
  if (!token) return token.error();
  if (!*token && !is_loopback(options.listen)) {
    return Failure{
        fmt::format("--listen: {} can be reached from other machines, and whoever reaches it could join; give "
                    "--token-file or WAITLAB_TOKEN here and to the workers",
                    flags.listen)};
  }
  options.token = token->value_or("");
  return options;
}

Result<std::variant<CollectorArguments, HelpText>> parse_collector_arguments(int argc, const char* const* argv) {
  CLI::App app("Makes one load with many workers, and one exact result of it.", "waitlab-client collector");
  app.footer(std::string(collector_examples) + run_footer);
  CollectorFlags flags;
  add_worker_flags(app, flags);
  const RunFlags run_flags(app);
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  auto fleet = read_fleet(flags);
  if (!fleet) return fleet.error();
  auto run = run_flags.arguments();
  if (!run) return run.error();
  if (auto checked = check_shares(run->load, fleet->workers); !checked) return checked.error();
  LoadOptions shared = run->load;
  shared.shard.count = fleet->workers;
  if (auto checked = check_options(shared); !checked) return checked.error();
  run->load.command = command_text("waitlab-client collector", argc, argv);
  return CollectorArguments{std::move(*run), std::move(*fleet)};
}

int collect(const CollectorArguments& arguments) {
  fleet::FleetOptions options = arguments.fleet;
  if (!arguments.run.quiet) options.say = [](const std::string& line) { say(line + "\n"); };
  const auto fleet = fleet::Fleet::listen(std::move(options));
  if (!fleet) return fail(exit_could_not_run, fleet.error());
  say(fmt::format("collector listening on {}\n", (*fleet)->address()));
  return make_runs(arguments.run, [&fleet](const LoadOptions& load) { return (*fleet)->run(load); });
}

}  // namespace

int collector_command(int argc, char** argv) {
  return run_command_line<CollectorArguments>(parse_collector_arguments(argc, argv), collect);
}

}  // namespace waitlab::client
