#include "client/engine/request_template.hpp"

#include "client/engine/target.hpp"
#include "common/config/jsonc.hpp"
#include "common/json/json_place.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace waitlab::client {
namespace {

/// RFC 9110 section 5.6.2: what a method or a field name may be made of.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [marks](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

Result<void> check_header(const std::string& name, const std::string& value) {
  if (!is_token(name))
    return Failure{fmt::format("header name '{}' is not valid; write it with letters, digits and dashes", name)};
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Failure{fmt::format("header '{}' has a line break in its value; write it on one line", name)};
  }
  for (const char* ours : {"X-Request-Id", "Content-Length", "Transfer-Encoding"}) {
    if (boost::iequals(name, ours)) return Failure{fmt::format("header '{}' is set by the client; leave it out", ours)};
  }
  return {};
}

}  // namespace

Result<void> check_headers(const HeaderFields& headers) {
  for (const auto& [name, value] : headers) {
    if (auto checked = check_header(name, value); !checked) return checked;
  }
  return {};
}

Result<void> check_request(const RequestTemplate& request) {
  if (!is_token(request.method)) {
    return Failure{fmt::format("method '{}' is not valid; give one such as GET or POST", request.method)};
  }
  if (!request.path.empty() && !is_request_path(request.path)) {
    return Failure{
        fmt::format("path '{}' is not valid; begin it with / and write it as in a URL, a space as %20", request.path)};
  }
  if (!(request.weight > 0) || !std::isfinite(request.weight)) {
    return Failure{fmt::format("weight {} of '{}' is not above 0", request.weight, request.path)};
  }
  return check_headers(request.headers);
}

Result<std::string> read_body_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return Failure{fmt::format("'{}' cannot be read; give a readable file", path.string())};
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

namespace {

constexpr std::size_t most_in_mix = 64;

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

RequestTemplate read_request(const JsonPlace& place, const std::filesystem::path& folder) {
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
  if (items.empty() || items.size() > most_in_mix) {
    list.refuse(fmt::format("must be a list of 1 to {} targets; it has {}", most_in_mix, items.size()));
  }
  std::vector<RequestTemplate> targets;
  for (const JsonPlace& item : items)
    targets.push_back(read_request(item, std::filesystem::path(path).parent_path()));
  if (failure) return *failure;
  return targets;
}

}  // namespace waitlab::client
