#pragma once

#include "common/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace waitlab {

/// A JSON document with comments, read strictly, that still knows on which line each of its parts stood.
struct JsonDocument {
  std::string name;  ///< how errors call it: the path as it was given
  nlohmann::json root;
  std::map<std::string, std::size_t> lines;  ///< by JSON pointer, from 1; a member stands where its key stands

  /// "server.jsonc:12" for the part at `pointer`, or for the nearest part around it that there is.
  std::string where(nlohmann::json::json_pointer pointer) const;
};

/// What the Failure of a document says that ends before its time, an empty one too, besides how it does.
inline constexpr std::string_view ends_early = "unexpected end of input";

/// Parses JSON in which // and /* */ comments are allowed. A syntax error ("name:line:column: ..."), a key given twice
/// in one object and nesting deeper than 64 levels are Failures of one line.
Result<JsonDocument> parse_jsonc(const std::string& text, const std::string& name);

/// `parse_jsonc` of a file. A missing file, a directory and a file that cannot be read or is larger than 64 MiB are
/// Failures as well.
Result<JsonDocument> read_jsonc(const std::filesystem::path& path);

/// A JSON pointer as the dotted path that errors show: "targets.0.name".
std::string dotted_path(const nlohmann::json::json_pointer& pointer);

}  // namespace waitlab
