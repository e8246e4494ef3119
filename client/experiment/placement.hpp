#pragma once

#include "client/record/experiment_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// Shares out the CPUs: with two or more the server gets the last half for itself, the client and the backend the rest;
/// with one they all share it. `cpus` must not be empty.
Placement place(const std::vector<int>& cpus);

}  // namespace waitlab::client
