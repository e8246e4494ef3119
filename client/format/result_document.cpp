#include "client/format/result_document.hpp"

#include "common/config/config_failure.hpp"

namespace waitlab::client {
namespace {

Result<JsonDocument> explained(Result<JsonDocument> document, const std::string& name) {
  if (document || document.error().message.find(ends_early) == std::string::npos) return document;
  return config_failure(name, "is empty or cut short; write the result again");
}

}  // namespace

Result<JsonDocument> read_result_document(const std::string& path) {
  return explained(read_jsonc(path), path);
}

Result<JsonDocument> parse_result_document(const std::string& text, const std::string& name) {
  return explained(parse_jsonc(text, name), name);
}

}  // namespace waitlab::client
