#include "common/cli/configured_program.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/process/resource_limits.hpp"
#include "common/process/standard_streams.hpp"
#include "server/banner.hpp"
#include "server/config.hpp"
#include "server/processes/fork_program.hpp"
#include "server/server.hpp"
#include "server/sizing.hpp"
#include "server/strategies/strategy_factory.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

namespace waitlab::server {
namespace {

const std::string program_name = "waitlab-server";

sigset_t signal_set(std::initializer_list<int> numbers) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : numbers)
    sigaddset(&signals, number);
  return signals;
}

/// The signals the main thread waits for; blocked in every thread, so that only it ever sees them. SIGCHLD, which tells
/// that a managed backend has ended, needs no more than the housekeeping that follows each.
sigset_t block_signals() {
  const sigset_t signals = signal_set({SIGHUP, SIGINT, SIGTERM, SIGCHLD});
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// The next of these that comes within that time; 0: none.
int await_signal(const sigset_t& signals, std::chrono::milliseconds time) {
  const timespec wait{time.count() / 1000, time.count() % 1000 * 1'000'000};
  return std::max(0, ::sigtimedwait(&signals, nullptr, &wait));
}

/// How Docker calls the container whose main process this is: its host name is its id, unless it was given another or
/// shares the host's. Empty in none.
std::string container() {
  if (!in_container() || ::getpid() != 1) return "";
  std::array<char, HOST_NAME_MAX + 1> name{};
  ::gethostname(name.data(), name.size() - 1);
  const std::string_view text = name.data();
  const bool is_id = text.size() == 12 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_id ? std::string(text) : "NAME";
}

void announce(const Server& server, const ConfigSources& sources) {
  fmt::print("listening on {} ({})\n", server.address().to_string(), server.config().strategy);
  fmt::print("admin on {}\n", server.admin_address().to_string());
  std::fflush(stdout);
  say(banner({.config = server.config(),
              .limits = resource_limits(),
              .address = server.address(),
              .admin_address = server.admin_address(),
              .config_file = sources.file.value_or(""),
              .container = container(),
              .pid = ::getpid()}));
}

Result<ServerConfig> read_again(const ConfigSources& sources) {
  ServerConfig config;
  const ConfigSpec spec = server_config_spec(config);
  if (const auto loaded = load_config(spec, sources); !loaded) return loaded.error();
  if (const auto checked = check_server_config(config); !checked) return checked.error();
  return config;
}

void reload(Server& server, const ConfigSources& sources) {
  if (!sources.file) return spdlog::info("there is no config file to read again; the logs were opened anew");
  const std::string before = server.config().strategy;
  const auto config = read_again(sources);
  const auto reloaded = config ? server.reload(*config) : config.error();
  if (!reloaded) {
    spdlog::error("{}; still running {}", reloaded.error().message, before);
  } else {
    const ServerConfig& now = server.config();
    spdlog::info("config read again: {} -> {} ({})", before, now.strategy,
                 facts_of(now.strategy, now.strategies).description);
  }
}

/// Ends at once at a second signal. One that comes along with the first is none: timeout(1) sends it to the process and
/// then to the group of it.
int drain(Server& server, int signal) {
  await_signal(signal_set({signal}), std::chrono::milliseconds(5));
  spdlog::info("draining: no more connections, up to {} s for requests in flight",
               std::chrono::duration<double>(server.config().timeouts.drain).count());
  const sigset_t stops = signal_set({SIGINT, SIGTERM});
  bool again = false;
  const auto goes_on = [&] {
    again = await_signal(stops, std::chrono::milliseconds(0)) != 0;
    return !again;
  };
  if (server.drain(goes_on)) {
    spdlog::info("drained: no request was cut");
    return exit_success;
  }
  spdlog::error("{} requests were still in flight {} and are cut", server.in_flight(),
                again ? "at a second signal" : "after timeouts.drain");
  return exit_failure;
}

int run(const ServerConfig& config, const ConfigSources& sources) {
  const sigset_t signals = block_signals();
  // Every waiting request and every connection takes a descriptor.
  raise_descriptor_limit();
  auto server = Server::start(config);
  if (!server) {
    print_error(program_name, server.error().message);
    return exit_failure;
  }
  announce(**server, sources);
  for (;;) {
    const int signal = await_signal(signals, (*server)->housekeep());
    if (signal == SIGHUP) {
      (*server)->reopen_logs();
      reload(**server, sources);
    }
    if (signal != SIGINT && signal != SIGTERM) continue;
    const int code = drain(**server, signal);
    // A strategy that has not drained may not be destroyed: its threads end with the process.
    if (code != exit_success) {
      std::fflush(nullptr);
      ::_exit(code);
    }
    return code;
  }
}

/// With the sizes that `auto` comes to here.
std::string facts_text(const ServerConfig& config) {
  const ServerConfig sized = sized_for(resource_limits(), config);
  return facts_json(facts_of(sized.strategy, sized.strategies)).dump(2) + "\n";
}

int main(int argc, const char* const* argv) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt(program_name));
  spdlog::set_pattern("[%Y-%m-%d %H:%M:%S.%e %z] [%n] [%l] %v");
  ServerConfig config;
  const ConfigSpec spec = server_config_spec(config);
  const auto configured = configure({.name = program_name,
                                     .description = "Serves HTTP with a waiting strategy chosen by its config.",
                                     .spec = spec,
                                     .check = [&config] { return check_server_config(config); },
                                     .health =
                                         [&config] {
                                           return HealthPage{config.admin.address, config.admin.port, "/readyz"};
                                         },
                                     .own = PrintFlag{.name = "--print-facts",
                                                      .help = "Print what is to be known of the strategy, as JSON",
                                                      .print = [&config] { return facts_text(config); }}},
                                    argc, argv);
  if (const int* const code = std::get_if<int>(&configured)) return *code;
  return run(config, std::get<ConfigSources>(configured));
}

}  // namespace
}  // namespace waitlab::server

int main(int argc, char** argv) {
  waitlab::prepare_standard_streams();
  if (argc == 2 && argv[1] == waitlab::server::fork_program_argument) return waitlab::server::run_fork_program();
  return waitlab::server::main(argc, argv);
}
