#pragma once

#include "common/config/config_spec.hpp"
#include "common/json/fields.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// One description of an object that a person writes, from which it is read and has its schema:
///
///   void journey_keys(auto& visit, Journey& journey) {
///     visit.type("journey", "Where to, and how often.");
///     visit.required("to", form::text, journey.to, "A town.");
///     visit.settings([&](ConfigSpec& spec) { spec.integer("times", journey.times, 1, 9, "How often"); });
///   }
///
/// Unlike what `fields` describes it is never written, may leave keys out, and is read strictly: an unknown key is
/// refused with the nearest known one. What visitors can be told is listed once, at `KeyReader`. None is thread-safe.
namespace waitlab {

/// Knows the keys that a description names.
class KeyNames {
 public:
  void type(const char*, const char* = "") {}
  void required(const std::string& key, const auto&, const auto&, const char* = "") { names_.push_back(key); }
  void optional(const std::string& key, const auto&, const auto&, const char* = "") { names_.push_back(key); }
  void with_default(const std::string& key, const auto&, const auto&, const char* = "") { names_.push_back(key); }
  void settings(auto bind) {
    ConfigSpec spec;
    bind(spec);
    add(spec);
  }
  void check(const auto&) {}
  void rule(const auto&) {}

  std::vector<std::string> and_those(std::span<const std::string_view> others) const;

 private:
  void add(const ConfigSpec& spec);

  std::vector<std::string> names_;
};

class KeyReader {
 public:
  explicit KeyReader(JsonPlace place) : place_(std::move(place)) {}

  /// Names the object in schemas, where it is described once and referred to.
  void type(const char*, const char* = "") {}

  /// A key that must be there.
  void required(const std::string& key, const auto& form, auto& value, const char* = "") {
    form.read(place_[key], value);
  }

  /// One without which the value stays as it is.
  void optional(const std::string& key, const auto& form, auto& value, const char* = "") {
    if (place_.has(key)) form.read(place_[key], value);
  }

  /// The same, where schemas tell the value that stays.
  void with_default(const std::string& key, const auto& form, auto& value, const char* = "") {
    optional(key, form, value);
  }

  /// Single values, and objects of them: the keys that `bind` binds.
  void settings(auto bind) {
    ConfigSpec spec;
    bind(spec);
    place_.apply(spec, UnknownKeys::left_alone);
  }

  /// Called when reading, with the place of the object: what keys must be to one another.
  void check(const auto& hold) { hold(place_); }

  /// Called for the schema: the same there, as keywords of JSON Schema that it gets besides.
  void rule(const auto&) {}

 private:
  JsonPlace place_;
};

/// Makes the schema of one object. Types go to `definitions`, by their names.
class KeySchema {
 public:
  explicit KeySchema(form::Json& definitions) : definitions_(definitions), object_(definitions) {}

  void type(const char* name, const char* help = "") { object_.type(name, help); }

  template <class Form, class T>
  void required(const std::string& key, const Form& form, const T&, const char* help = "") {
    object_.add(key, form.template schema<T>(definitions_), help, true);
  }

  template <class Form, class T>
  void optional(const std::string& key, const Form& form, const T&, const char* help = "") {
    object_.add(key, form.template schema<T>(definitions_), help, false);
  }

  template <class Form, class T>
  void with_default(const std::string& key, const Form& form, const T& value, const char* help = "") {
    form::Json schema = form.template schema<T>(definitions_);
    schema["default"] = form.write(value);
    object_.add(key, schema, help, false);
  }

  void settings(auto bind) {
    ConfigSpec spec;
    bind(spec);
    add(spec);
  }

  void check(const auto&) {}
  void rule(const auto& keywords) { object_.rule(keywords); }

  /// The schema, or a reference to it if it has a name.
  form::Json take() { return object_.take(); }

 private:
  void add(const ConfigSpec& spec);

  form::Json& definitions_;
  FieldSchema object_;
};

namespace form {

/// An object whose keys the function visits: `visit_keys(visit, value)`.
template <class F>
struct Keys {
  F visit_keys;
  std::span<const std::string_view> elsewhere{};  ///< keys that make it another kind of object: suggested as well

  template <class T>
  void read(const JsonPlace& place, T& value) const {
    KeyNames names;
    visit_keys(names, value);
    place.allow_only(names.and_those(elsewhere));
    KeyReader visit(place);
    visit_keys(visit, value);
  }

  template <class T>
  Json schema(Json& definitions) const {
    KeySchema visit(definitions);
    T any{};
    visit_keys(visit, any);
    return visit.take();
  }
};
template <class F>
Keys(F) -> Keys<F>;
template <class F>
Keys(F, std::span<const std::string_view>) -> Keys<F>;

/// A key that is nothing to the program: the schema that an editor holds the file against.
struct SchemaReference {
  void read(const JsonPlace&, const auto&) const {}
  template <class>
  Json schema(Json&) const {
    return {{"type", "string"}};
  }
};

}  // namespace form

/// The JSON Schema of files that hold a `T` as the form reads it.
template <class T>
std::string file_schema(const std::string& title, const auto& form) {
  form::Json definitions = form::Json::object();
  const form::Json root = form.template schema<T>(definitions);
  return schema_document(title, "", std::move(definitions), root);
}

}  // namespace waitlab
