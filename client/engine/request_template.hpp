#pragma once

#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

/// One kind of request of a mix.
struct RequestTemplate {
  std::string method = "GET";
  std::string path;      ///< path and query; empty: those of the URL
  HeaderFields headers;  ///< besides those of the run
  std::string body;
  double weight = 1;  ///< its share among the weights of the mix, above 0
};

}  // namespace waitlab::client
