#pragma once

#include <span>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The JSON Schema of a kind of document that the client reads or writes.
struct PublishedSchema {
  std::string_view name;    ///< FOLDER/NAME.schema.json holds it
  std::string_view folder;  ///< beside the documents, or what tells of them
  std::string (*text)();
};

std::span<const PublishedSchema> published_schemas();

}  // namespace waitlab::client
