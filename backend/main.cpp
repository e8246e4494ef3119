#include "backend/backend.hpp"
#include "backend/config.hpp"
#include "common/cli/configured_program.hpp"
#include "common/process/resource_limits.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

namespace waitlab::backend {
namespace {

constexpr const char* program_name = "waitlab-backend";

void stop_on_signal(boost::asio::signal_set& signals, Backend& backend) {
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    backend.stop();
    stop_on_signal(signals, backend);
  });
}

int serve(const Config& config) {
  boost::asio::io_context loop(1);
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  Backend backend(loop, config);
  if (const Result<void> started = backend.start(); !started) {
    print_error(program_name, started.error().message);
    return exit_failure;
  }
  stop_on_signal(signals, backend);
  fmt::print("listening on {} (backend)\n", fmt::streamed(backend.endpoint()));
  std::fflush(stdout);
  loop.run();
  return exit_success;
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
  try {
    return waitlab::backend::run(argc, argv);
  } catch (const std::exception& error) {
    waitlab::print_error("waitlab-backend", error.what());
    return waitlab::exit_failure;
  }
}
