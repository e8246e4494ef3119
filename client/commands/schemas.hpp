#pragma once

#include <span>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The JSON Schema of a kind of document that the client writes.
struct PublishedSchema {
  std::string_view name;  ///< docs/NAME.schema.json holds it
  std::string (*text)();
};

std::span<const PublishedSchema> published_schemas();

}  // namespace waitlab::client
