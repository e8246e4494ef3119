#include "client/engine/descriptor_limit.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

namespace waitlab::client {
namespace {

/// Epoll, timers and event descriptors of the load threads, standard streams, files.
constexpr rlim_t spare = 256;

}  // namespace

Result<void> allow_descriptors(unsigned connections) {
  const rlim_t needed = connections + spare;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return {};
  if (limit.rlim_max < needed) {
    return Failure{
        fmt::format("{} connections need {} open files and the limit is {}; use fewer connections or raise "
                    "it (ulimit -n)",
                    connections, needed, limit.rlim_max)};
  }
  limit.rlim_cur = needed;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return Failure{"the limit of open files cannot be raised (ulimit -n)"};
  return {};
}

}  // namespace waitlab::client
