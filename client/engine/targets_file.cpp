#include "client/engine/targets_file.hpp"

#include "client/engine/body_file.hpp"
#include "client/engine/request_rules.hpp"
#include "common/config/jsonc.hpp"
#include "common/json/json_place.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace waitlab::client {
namespace {

constexpr std::size_t most_targets = 64;

HeaderFields read_headers(const JsonPlace& place) {
  HeaderFields headers;
  for (const auto& [name, value] : place.members()) {
    headers.emplace_back(name, value.text());
    if (auto checked = check_headers({headers.back()}); !checked) value.refuse(checked.error().message);
  }
  return headers;
}

std::string read_body(const JsonPlace& place, const std::filesystem::path& folder) {
  const std::string file = place.text();
  auto body = read_body_file(folder / file);
  if (body) return *body;
  place.refuse(body.error().message);
  return {};
}

RequestTemplate read_target(const JsonPlace& place, const std::filesystem::path& folder) {
  place.allow_only({"method", "path", "headers", "body", "body_file", "weight"});
  RequestTemplate target;
  for (const auto& [name, member] : place.members()) {
    if (name == "method") {
      target.method = member.text();
    } else if (name == "path") {
      target.path = member.text();
    } else if (name == "headers") {
      target.headers = read_headers(member);
    } else if (name == "body") {
      target.body = member.text();
    } else if (name == "body_file") {
      target.body = read_body(member, folder);
    } else if (name == "weight") {
      target.weight = member.number();
    }
  }
  if (place.has("body") && place.has("body_file")) place["body_file"].refuse("body is given too; remove one of them");
  if (auto checked = check_request(target); !checked) place.refuse(checked.error().message);
  return target;
}

/// The list itself, or the one that an object holds.
JsonPlace find_list(const JsonPlace& root, bool is_object) {
  if (!is_object) return root;
  root.allow_only({"$schema", "targets"});
  return root["targets"];
}

}  // namespace

Result<std::vector<RequestTemplate>> read_targets_file(const std::string& path) {
  const auto document = read_jsonc(path);
  if (!document) return document.error();
  std::optional<Failure> failure;
  const JsonPlace list = find_list(JsonPlace(*document, failure), document->root.is_object());
  const std::vector<JsonPlace> items = list.items();
  if (items.empty() || items.size() > most_targets) {
    list.refuse(fmt::format("must be a list of 1 to {} targets; it has {}", most_targets, items.size()));
  }
  std::vector<RequestTemplate> targets;
  for (const JsonPlace& item : items)
    targets.push_back(read_target(item, std::filesystem::path(path).parent_path()));
  if (failure) return *failure;
  return targets;
}

}  // namespace waitlab::client
