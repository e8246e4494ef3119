#include "server/backend_client/managed_backend.hpp"

#include <filesystem>
#include <utility>

namespace waitlab::server {

namespace {

constexpr std::chrono::seconds patience{10};

}  // namespace

ManagedBackend::ManagedBackend(ChildProcess process, const SocketAddress& address)
    : process_(std::move(process)), address_(address) {}

Result<ManagedBackend> ManagedBackend::start(const DelayProfile& profile) {
  std::error_code error;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "waitlab-backend";
  ChildProcess::Options options;
  options.command = {beside.string(), "--set", "listen.address=127.0.0.1", "--set", "listen.port=0"};
  for (const std::string& setting : delay_profile_settings(profile, "profile.")) {
    options.command.insert(options.command.end(), {"--set", setting});
  }
  auto process = ChildProcess::start(options);
  if (!process) return Failure{"backend.mode=managed: " + process.error().message};
  const auto line = process->read_line(patience);
  if (!line) return Failure{"backend.mode=managed: " + beside.string() + " did not start: " + line.error().message};
  const auto address = resolve_authority(address_in(*line, "listening on").value_or(""));
  if (!address) return Failure{"backend.mode=managed: the backend did not say where it listens: " + *line};
  return ManagedBackend(std::move(*process), *address);
}

}  // namespace waitlab::server
