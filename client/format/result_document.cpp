#include "client/format/result_document.hpp"

#include "common/config/config_failure.hpp"

namespace waitlab::client {
namespace {

/// By what the parser says where the text ends too early: between two words, or within a string.
bool is_cut_short(const std::string& complaint) {
  return complaint.find("unexpected end of input") != std::string::npos ||
         complaint.find("missing closing quote") != std::string::npos;
}

Result<JsonDocument> explained(Result<JsonDocument> document, const std::string& name) {
  if (document || !is_cut_short(document.error().message)) return document;
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
