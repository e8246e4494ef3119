#include "client/experiment/quick_patch.hpp"

#include "common/config/config_failure.hpp"

namespace waitlab::client {

Result<bool> take_quick_patch(JsonDocument& document, bool quick) {
  using Pointer = nlohmann::json::json_pointer;
  const Pointer place("/quick");
  if (!document.root.is_object() || !document.root.contains(place)) return false;
  const nlohmann::json patch = document.root.at(place);
  if (!patch.is_object()) {
    return config_failure(document.where(place), "quick: must be an object of changes; found " + describe(patch));
  }
  document.root.erase(place.back());
  if (!quick) return true;
  document.root.merge_patch(patch);
  const std::string inside = place.to_string() + "/";
  const std::map<std::string, std::size_t> lines = document.lines;
  for (auto line = lines.lower_bound(inside); line != lines.end() && line->first.starts_with(inside); ++line)
    document.lines[line->first.substr(place.to_string().size())] = line->second;
  return true;
}

}  // namespace waitlab::client
