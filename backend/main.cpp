#include "backend/backend.hpp"
#include "backend/config.hpp"
#include "common/cli/configured_program.hpp"
#include "common/process/resource_limits.hpp"
#include "common/process/standard_streams.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>
#include <variant>

namespace waitlab::backend {
namespace {

constexpr const char* program_name = "waitlab-backend";

/// What signals ask of a backend: SIGHUP to go on with its logs by their paths, SIGTERM or SIGINT to stop, and another
/// of these not to wait for the holds in progress.
class Signals {
 public:
  Signals(boost::asio::io_context& loop, Backend& backend)
      : signals_(loop, SIGHUP, SIGTERM, SIGINT), backend_(backend) {}

  void take_all() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;
      take(number);
      take_all();
    });
  }

  int exit_code() const { return exit_code_; }

 private:
  void take(int number) {
    if (number == SIGHUP) return backend_.reopen_logs();
    if (!std::exchange(stopping_, true)) return backend_.stop();
    print_error(program_name, fmt::format("a second signal: {} holds in progress are cut", backend_.stop_now()));
    exit_code_ = exit_failure;
  }

  boost::asio::signal_set signals_;
  Backend& backend_;
  bool stopping_ = false;
  int exit_code_ = exit_success;
};

int serve(const Config& config) {
  boost::asio::io_context loop(1);
  Backend backend(loop, config);
  Signals signals(loop, backend);
  if (const Result<void> started = backend.start(); !started) {
    print_error(program_name, started.error().message);
    return exit_failure;
  }
  signals.take_all();
  fmt::print("listening on {} (backend)\n", fmt::streamed(backend.endpoint()));
  std::fflush(stdout);
  loop.run();
  return signals.exit_code();
}

int run(int argc, const char* const* argv) {
  Config config;
  const ConfigSpec spec = config_spec(config);
  const auto configured = configure({.name = program_name,
                                     .description = "A slow backend: holds each request for a configured delay.",
                                     .spec = spec,
                                     .check = [&] { return check(config); },
                                     .health =
                                         [&] {
                                           return HealthPage{config.listen.address, config.listen.port, "/healthz"};
                                         }},
                                    argc, argv);
  if (const int* exit_code = std::get_if<int>(&configured)) return *exit_code;
  raise_descriptor_limit();
  return serve(config);
}

}  // namespace
}  // namespace waitlab::backend

int main(int argc, char** argv) {
  waitlab::prepare_standard_streams();
  try {
    return waitlab::backend::run(argc, argv);
  } catch (const std::exception& error) {
    waitlab::print_error("waitlab-backend", error.what());
    return waitlab::exit_failure;
  }
}
