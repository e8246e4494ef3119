#include "client/engine/request_template.hpp"

#include "client/engine/target.hpp"
#include "common/config/jsonc.hpp"
#include "common/http/characters.hpp"
#include "common/json/json_place.hpp"
#include "common/json/keys.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
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
  if (has_control(value))
    return Failure{fmt::format("header '{}' has a control character in its value; leave it out", name)};
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
  for (const char* single : {"Host", "User-Agent", "Content-Type", "Expect", "Authorization"}) {
    const auto is_it = [single](const auto& field) { return boost::iequals(field.first, single); };
    if (std::ranges::count_if(headers, is_it) > 1)
      return Failure{fmt::format("header '{}' is given twice; a request has one of it", single)};
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

namespace {

constexpr std::size_t longest_body = std::size_t{64} * 1024 * 1024;

}  // namespace

Result<std::string> read_body_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return Failure{fmt::format("'{}' cannot be read; give a readable file", path.string())};
  }
  std::string body;
  std::array<char, 64 * 1024> piece;
  while (file.read(piece.data(), piece.size()), file.gcount() > 0) {
    body.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    if (body.size() > longest_body) return Failure{fmt::format("'{}' is longer than 64 MiB", path.string())};
  }
  return body;
}

namespace {

constexpr std::size_t most_in_mix = 64;

/// By their names.
struct HeadersForm {
  form::Json write(const HeaderFields& headers) const { return form::Json(std::map(headers.begin(), headers.end())); }
  void read(const JsonPlace& place, HeaderFields& headers) const {
    for (const auto& [name, value] : place.members()) {
      headers.emplace_back(name, value.text());
      if (auto checked = check_headers(headers); !checked) value.refuse(checked.error().message);
    }
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    return {{"type", "object"}, {"additionalProperties", form::text.schema<std::string>(definitions)}};
  }
};

/// A file whose text is the body.
struct BodyFileForm {
  std::filesystem::path folder;

  void read(const JsonPlace& place, std::string& body) const {
    std::string file;
    form::system_text.read(place, file);
    auto read_body = read_body_file(folder / file);
    if (!read_body) return place.refuse(read_body.error().message);
    body = std::move(*read_body);
  }
  template <class T>
  form::Json schema(form::Json& definitions) const {
    return form::system_text.schema<T>(definitions);
  }
};

struct WeightForm {
  form::Json write(double weight) const { return weight; }
  void read(const JsonPlace& place, double& weight) const { weight = place.number(); }
  template <class>
  form::Json schema(form::Json&) const {
    return form::Number{.above = 0}.schema();
  }
};

/// Whether all of it can be sent is checked at the end, as it is for the requests of a command line.
struct VisitRequest {
  std::filesystem::path folder{};  ///< of the file

  void operator()(auto& visit, RequestTemplate& request) const {
    visit.type("target");
    visit.with_default("method", form::CheckedText{"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"}, request.method,
                       "The HTTP method.");
    visit.with_default("path", form::CheckedText{"^(/[^\\u0000- #\\u007f]*)?$"}, request.path,
                       "Path and query, as in a URL. Empty: those of the URL.");
    visit.with_default("headers", HeadersForm{}, request.headers, "Header fields besides those of the run.");
    visit.with_default("body", form::text, request.body, "The request's body.");
    visit.optional("body_file", BodyFileForm{folder}, request.body,
                   "A file with the body, from the folder of this file.");
    visit.with_default("weight", WeightForm{}, request.weight, "The target's share is its weight over the sum of all.");
    visit.check([&](const JsonPlace& place) {
      if (place.has("body") && place.has("body_file"))
        place["body_file"].refuse("body is given too; remove one of them");
      if (auto checked = check_request(request); !checked) place.refuse(checked.error().message);
    });
    visit.rule([] { return form::Json{{"not", {{"required", {"body", "body_file"}}}}}; });
  }
};

using Mix = std::vector<RequestTemplate>;

auto list_form(const std::filesystem::path& folder) {
  return form::ListOf{form::Keys{VisitRequest{folder}}, 1, most_in_mix};
}

auto object_form(const std::filesystem::path& folder) {
  return form::Keys{[list = list_form(folder)](auto& visit, Mix& mix) {
    visit.optional("$schema", form::SchemaReference{}, mix);
    visit.required("targets", list, mix);
  }};
}

/// A list of requests, or an object that holds it.
struct MixForm {
  std::filesystem::path folder{};

  void read(const JsonPlace& place, Mix& mix) const {
    const bool is_object = place.is_object();
    is_object ? object_form(folder).read(place, mix) : list_form(folder).read(place, mix);
    const JsonPlace list = is_object ? place["targets"] : place;
    if (mix.empty() || mix.size() > most_in_mix)
      list.refuse(fmt::format("must be a list of 1 to {} targets; it has {}", most_in_mix, mix.size()));
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    return {
        {"oneOf", {list_form(folder).schema<Mix>(definitions), object_form(folder).template schema<Mix>(definitions)}}};
  }
};

}  // namespace

Result<std::vector<RequestTemplate>> read_targets_file(const std::string& path) {
  const auto document = read_jsonc(path);
  if (!document) return document.error();
  std::optional<Failure> failure;
  std::vector<RequestTemplate> targets;
  MixForm{std::filesystem::path(path).parent_path()}.read(JsonPlace(*document, failure), targets);
  if (failure) return *failure;
  return targets;
}

std::string targets_schema() {
  return file_schema<Mix>("Requests that waitlab-client run --targets mixes", MixForm{});
}

}  // namespace waitlab::client
