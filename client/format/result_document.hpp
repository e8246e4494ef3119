#pragma once

#include "common/config/jsonc.hpp"
#include "common/json/json_place.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

/// The JSON of a result file. Failure: one line that names the file and says that it is not there, no JSON, or empty or
/// cut short.
Result<JsonDocument> read_result_document(const std::string& path);

/// The same of a text at hand; `name` stands for the file in messages.
Result<JsonDocument> parse_result_document(const std::string& text, const std::string& name);

/// What `read` makes of the document's root, or the first thing that was refused in it.
template <class T>
Result<T> read_whole(const Result<JsonDocument>& document, T (*read)(const JsonPlace& root)) {
  if (!document) return document.error();
  std::optional<Failure> failure;
  T value = read(JsonPlace(*document, failure));
  if (failure) return *failure;
  return value;
}

}  // namespace waitlab::client
