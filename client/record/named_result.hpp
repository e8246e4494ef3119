#pragma once

#include "client/record/load_result.hpp"

#include <string>

namespace waitlab::client {

/// A result and what it is called by those who look at several: its file.
struct NamedResult {
  std::string name;
  LoadResult result;
};

}  // namespace waitlab::client
