#include "server/backend_client/managed_backend.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <filesystem>
#include <utility>

namespace waitlab::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{10};

fs::path program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path() / "waitlab-backend";
}

Result<ChildProcess> launch_backend(const DelayProfiles& profiles, std::uint16_t port) {
  ChildProcess::Options options;
  options.command = {program().string(), "--set", "listen.address=127.0.0.1", "--set",
                     fmt::format("listen.port={}", port)};
  for (const std::string& setting : delay_profiles_settings(profiles, "")) {
    options.command.insert(options.command.end(), {"--set", setting});
  }
  return ChildProcess::start(options);
}

/// A backend that starts empties its log: what the one before it wrote is moved to the first free of NAME.1, NAME.2 …
void keep_hold_log(const fs::path& log) {
  std::error_code error;
  if (log.empty() || !fs::is_regular_file(log, error)) return;
  fs::path kept;
  for (int n = 1; kept.empty() || fs::exists(kept, error); ++n)
    kept = fmt::format("{}.{}", log.string(), n);
  fs::rename(log, kept, error);
  if (error)
    return spdlog::warn("the hold log so far is lost: it cannot be moved to {}: {}", kept.string(), error.message());
  spdlog::info("the hold log so far is kept as {}", kept.string());
}

}  // namespace

ManagedBackend::ManagedBackend(const DelayProfiles& profiles, ChildProcess process, const SocketAddress& address)
    : profiles_(profiles), address_(address), process_(std::move(process)), since_(Clock::now()) {}

Result<ManagedBackend> ManagedBackend::start(const DelayProfiles& profiles) {
  auto process = launch_backend(profiles, 0);
  if (!process) return Failure{"backend.mode=managed: " + process.error().message};
  const auto line = process->read_line(patience);
  if (!line) {
    return Failure{"backend.mode=managed: " + program().string() + " did not start: " + line.error().message};
  }
  const auto address = resolve_authority(address_in(*line, "listening on").value_or(""));
  if (!address) return Failure{"backend.mode=managed: the backend did not say where it listens: " + *line};
  return ManagedBackend(profiles, std::move(*process), *address);
}

bool ManagedBackend::tend(Clock::time_point now) {
  if (!process_) {
    if (now >= since_) launch(now);
    return false;
  }
  if (!listens_) return await_listening(now);
  const auto code = process_->exit_code();
  if (!code) return true;
  plan_restart(now, fmt::format("ended ({})", exit_text(*code)), now - since_);
  return false;
}

void ManagedBackend::reopen_logs() noexcept {
  if (process_ && listens_) process_->signal(SIGHUP);
}

/// On the same port, so that all who call it find it where it was.
void ManagedBackend::launch(Clock::time_point now) {
  keep_hold_logs();
  auto process = launch_backend(profiles_, address_.port());
  if (!process) return plan_restart(now, "cannot be started again: " + process.error().message, {});
  process_ = std::move(*process);
  since_ = now;
}

bool ManagedBackend::await_listening(Clock::time_point now) {
  if (process_->read_line(std::chrono::milliseconds(0))) {
    listens_ = true;
    spdlog::info("the managed backend runs again, on {} as before", address_.to_string());
    return true;
  }
  if (const auto code = process_->exit_code()) {
    plan_restart(now, fmt::format("did not start again ({}; it says why)", exit_text(*code)), {});
  } else if (now - since_ > patience) {
    process_->signal(SIGKILL);
    plan_restart(now, fmt::format("did not listen within {} s of being started again", patience.count()), {});
  }
  return false;
}

void ManagedBackend::plan_restart(Clock::time_point now, const std::string& why, Clock::duration ran) {
  const std::chrono::seconds pause = pauses_.after(ran);
  spdlog::error("the managed backend {}; requests that need it are answered 502; next start in {} s", why,
                pause.count());
  process_.reset();
  listens_ = false;
  since_ = now + pause;
}

void ManagedBackend::keep_hold_logs() const {
  static_cast<void>(for_each_profile(profiles_, "", [](const std::string&, const DelayProfile& profile) {
    keep_hold_log(profile.hold_log);
    return Result<void>();
  }));
}

}  // namespace waitlab::server
