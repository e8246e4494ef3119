#pragma once

#include "common/result.hpp"

#include <filesystem>
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

/// Says what is wrong with these fields, if they cannot be sent: a name that is no token, a line break, a field that
/// the client sets itself, one given twice that a request has once. Upper and lower case are the same in names.
Result<void> check_headers(const HeaderFields& headers);

/// Says what is wrong with the request, if it cannot be sent: its method, path, weight or headers.
Result<void> check_request(const RequestTemplate& request);

/// The whole of a file that is sent as a request's body, 64 MiB at most. Failure names it when it cannot be read.
Result<std::string> read_body_file(const std::filesystem::path& path);

/// Reads a mix of requests: JSON with comments, a list of 1 to 64 objects, or an object with that list as its
/// "targets". Each has "method", "path", "headers", "body" or "body_file" (from the folder of this file), and "weight";
/// all may be left out. Strict: an unknown or repeated key, a wrong type and a
/// request that cannot be sent are Failures of one line with the file's line, the place, and the nearest valid name.
Result<std::vector<RequestTemplate>> read_targets_file(const std::string& path);

/// The JSON Schema of such files, docs/targets.schema.json.
std::string targets_schema();

}  // namespace waitlab::client
