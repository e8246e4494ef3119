#include "common/json/forms.hpp"

#include "common/json/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab {
namespace form {
namespace {

void hold_least(const JsonPlace& place, std::uint64_t value, std::uint64_t least) {
  if (value < least) place.refuse(fmt::format("must be {} or more", least));
}

}  // namespace

void Count::read(const JsonPlace& place, std::uint64_t& value) const {
  value = place.count();
  if (most && (value < least || value > *most)) {
    place.refuse(
        fmt::format("must be {}{}from {} to {}; found {}", noun, noun.empty() ? "" : ", ", least, *most, value));
  }
  hold_least(place, value, least);
}

void Count::read(const JsonPlace& place, unsigned& value) const {
  value = place.small_count();
  hold_least(place, value, least);
}

void Count::read(const JsonPlace& place, int& value) const {
  unsigned read_value = 0;
  read(place, read_value);
  value = static_cast<int>(read_value);
}

Json Count::schema() const {
  Json json = {{"type", "integer"}, {"minimum", least}};
  if (most) json["maximum"] = *most;
  return json;
}

void Number::read(const JsonPlace& place, double& value) const {
  value = place.number();
  if (least && value < *least) place.refuse(fmt::format("must be {:g} or more", *least));
  if (above && value <= *above) place.refuse(fmt::format("must be above {:g}", *above));
  if (most && value > *most) place.refuse(fmt::format("must be {:g} at most", *most));
}

Json Number::schema() const {
  Json json = {{"type", "number"}};
  if (least) json["minimum"] = *least;
  if (above) json["exclusiveMinimum"] = *above;
  if (most) json["maximum"] = *most;
  return json;
}

std::size_t Choice::read(const JsonPlace& place) const {
  const auto found = std::ranges::find(words, place.text());
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string known;
  for (std::size_t i = 0; i < words.size(); ++i)
    known += fmt::format("{}\"{}\"", i == 0 ? "" : i + 1 < words.size() ? ", " : " or ", words[i]);
  place.refuse("must be " + known);
  return 0;
}

Json Choice::schema() const {
  return {{"enum", std::vector<std::string>(words.begin(), words.end())}};
}

Json nullable(Json schema) {
  if (schema.contains("type") && schema["type"].is_string()) {
    schema["type"] = {schema["type"], "null"};
    return schema;
  }
  return {{"oneOf", {std::move(schema), {{"type", "null"}}}}};
}

}  // namespace form

form::Json FieldSchema::take() {
  form::Json object = form::Json::object();
  if (!help_.empty()) object["description"] = help_;
  object.update({{"type", "object"}, {"additionalProperties", false}});
  if (!required_.empty()) object["required"] = std::move(required_);
  object["properties"] = std::move(properties_);
  if (!dependent_.empty()) object["dependentRequired"] = std::move(dependent_);
  object.update(rules_);
  if (name_.empty()) return object;
  definitions_[name_] = std::move(object);
  return {{"$ref", "#/$defs/" + name_}};
}

void FieldSchema::add(const std::string& key, const form::Json& schema, const char* help, bool required) {
  form::Json& property = properties_[key] = form::Json::object();
  if (*help != '\0') property["description"] = help;
  property.update(schema);
  if (required) required_.push_back(key);
}

void FieldSchema::add_part(const std::string& first, FieldSchema& part) {
  properties_.update(part.properties_);
  for (form::Json& key : part.required_) {
    if (key != first) dependent_[first].push_back(std::move(key));
  }
}

std::string schema_document(const std::string& title, const std::string& help, form::Json definitions,
                            const form::Json& root) {
  form::Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  if (!help.empty()) schema["description"] = help;
  schema.update(root);
  if (!definitions.empty()) schema["$defs"] = std::move(definitions);
  return schema.dump(2) + "\n";
}

}  // namespace waitlab
