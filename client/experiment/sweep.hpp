#pragma once

#include "common/json/json_place.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// A key and the values that it takes in turn.
struct SweptKey {
  std::string key;
  std::vector<std::string> values;
};

/// Reads a sweep {"strategies.fixed-pool.threads": [4, 8, 16]}. What is wrong is refused at its place.
std::vector<SweptKey> read_sweep(const JsonPlace& place);

/// Every combination of the values, each as "key=value" words, the last key's values changing fastest. Without a key,
/// one combination of no words.
std::vector<std::vector<std::string>> combinations(const std::vector<SweptKey>& sweep);

}  // namespace waitlab::client
