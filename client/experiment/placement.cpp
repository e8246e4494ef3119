#include "client/experiment/placement.hpp"

namespace waitlab::client {

Placement place(const std::vector<int>& cpus) {
  if (cpus.size() == 1) return {.server = cpus, .client_and_backend = cpus};
  const auto middle = cpus.end() - static_cast<std::ptrdiff_t>(cpus.size() / 2);
  return {.server = {middle, cpus.end()}, .client_and_backend = {cpus.begin(), middle}};
}

}  // namespace waitlab::client
