#pragma once

#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::client {

/// Whether two loads can be drawn over one axis: rates and connections can't. The Failure names both.
Result<void> expect_same_loop(const std::string& one_name, Loop one, const std::string& other_name, Loop other);

}  // namespace waitlab::client
