#pragma once

#include "common/json/forms.hpp"

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

/// One description of a struct, from which its JSON is written, is read, and has its schema. The description is a
/// function template beside the struct:
///
///   void fields(auto& visit, Of<Point> auto& point) {
///     visit.type("point", "A place on the map.");
///     visit("x", form::number, point.x, "Eastwards, in metres.");
///     visit.derived("far", form::flag, [&] { return far(point); });
///   }
///
/// A form (forms.hpp) says how a value is written; `form::object` is that of a struct with a description of its own.
/// What visitors can be told is listed once, at `FieldWriter`. None is thread-safe.
namespace waitlab {

/// A `Described`, const or not: const where it is written.
template <class T, class Described>
concept Of = std::same_as<std::remove_const_t<T>, Described>;

class FieldWriter {
 public:
  explicit FieldWriter(form::Json& object) : object_(object) {}

  /// Names the object in schemas, where it is described once and referred to.
  void type(const char*, const char* = "") {}

  /// A member that is always there.
  template <class Form, class T>
  void operator()(const std::string& key, const Form& form, const T& value, const char* = "") {
    object_[key] = form.write(value);
  }

  /// One that is always written and that files made before it lack: what is read keeps its default.
  template <class Form, class T>
  void younger(const std::string& key, const Form& form, const T& value, const char* = "") {
    object_[key] = form.write(value);
  }

  /// The same, of which schemas say so only if it is `younger`.
  template <class Form, class T>
  void lenient(const std::string& key, const Form& form, const T& value, bool) {
    object_[key] = form.write(value);
  }

  /// One that is there only if it has a value.
  template <class Form, class T>
  void optional(const std::string& key, const Form& form, const std::optional<T>& value, const char* = "") {
    if (value) object_[key] = form.write(*value);
  }

  /// The members of a struct among those of this object, or none of them; `first` is the key of the first one.
  template <class T>
  void optional_part(const std::string&, const std::optional<T>& part) {
    if (part) fields(*this, *part);
  }

  /// What follows from the other members: it is written for readers and not read back. `of` is called when writing.
  template <class Form, class F>
  void derived(const std::string& key, const Form& form, F of, const char* = "") {
    object_[key] = form.write(of());
  }

  /// The same of what files made before it lack.
  template <class Form, class F>
  void derived_younger(const std::string& key, const Form& form, F of, const char* = "") {
    object_[key] = form.write(of());
  }

  /// An object of JSON that is none in C++. `members` is called with a visitor of it.
  template <class F>
  void group(const std::string& key, F members, const char* = "") {
    form::Json inner = form::Json::object();
    FieldWriter visit(inner);
    members(visit);
    object_[key] = std::move(inner);
  }

  /// Called when reading, with the place of the object: what members must be to one another.
  template <class F>
  void check(F) {}

  /// Called for the schema: the same there, as keywords of JSON Schema that it gets besides.
  template <class F>
  void rule(F) {}

 private:
  form::Json& object_;
};

class FieldReader {
 public:
  explicit FieldReader(JsonPlace place) : place_(std::move(place)) {}

  void type(const char*, const char* = "") {}

  template <class Form, class T>
  void operator()(const std::string& key, const Form& form, T& value, const char* = "") {
    form.read(place_[key], value);
  }

  template <class Form, class T>
  void younger(const std::string& key, const Form& form, T& value, const char* = "") {
    if (place_.has(key)) form.read(place_[key], value);
  }

  template <class Form, class T>
  void lenient(const std::string& key, const Form& form, T& value, bool) {
    younger(key, form, value);
  }

  template <class Form, class T>
  void optional(const std::string& key, const Form& form, std::optional<T>& value, const char* = "") {
    if (place_.has(key)) form::Nullable{form}.read(place_[key], value);
  }

  template <class T>
  void optional_part(const std::string& first, std::optional<T>& part) {
    if (place_.has(first)) fields(*this, part.emplace());
  }

  template <class Form, class F>
  void derived(const std::string&, const Form&, F, const char* = "") {}

  template <class Form, class F>
  void derived_younger(const std::string&, const Form&, F, const char* = "") {}

  template <class F>
  void group(const std::string& key, F members, const char* = "") {
    FieldReader visit(place_[key]);
    members(visit);
  }

  template <class F>
  void check(F hold) {
    hold(place_);
  }

  template <class F>
  void rule(F) {}

 private:
  JsonPlace place_;
};

/// Makes the schema of one object. Types go to `definitions`, by their names.
class FieldSchema {
 public:
  explicit FieldSchema(form::Json& definitions) : definitions_(definitions) {}

  void type(const char* name, const char* help = "") {
    name_ = name;
    help_ = help;
  }

  template <class Form, class T>
  void operator()(const std::string& key, const Form& form, const T&, const char* help = "") {
    add(key, form.template schema<T>(definitions_), help, true);
  }

  template <class Form, class T>
  void younger(const std::string& key, const Form& form, const T&, const char* help = "") {
    add(key, form.template schema<T>(definitions_), help, false);
  }

  template <class Form, class T>
  void lenient(const std::string& key, const Form& form, const T&, bool younger) {
    add(key, form.template schema<T>(definitions_), "", !younger);
  }

  template <class Form, class T>
  void optional(const std::string& key, const Form& form, const std::optional<T>&, const char* help = "") {
    add(key, form.template schema<T>(definitions_), help, false);
  }

  template <class T>
  void optional_part(const std::string& first, const std::optional<T>&) {
    FieldSchema visit(definitions_);
    T any{};
    fields(visit, any);
    add_part(first, visit);
  }

  template <class Form, class F>
  void derived(const std::string& key, const Form& form, F, const char* help = "") {
    add(key, form.template schema<std::invoke_result_t<F>>(definitions_), help, true);
  }

  template <class Form, class F>
  void derived_younger(const std::string& key, const Form& form, F, const char* help = "") {
    add(key, form.template schema<std::invoke_result_t<F>>(definitions_), help, false);
  }

  template <class F>
  void group(const std::string& key, F members, const char* help = "") {
    FieldSchema visit(definitions_);
    members(visit);
    add(key, visit.take(), help, true);
  }

  template <class F>
  void check(F) {}

  template <class F>
  void rule(F keywords) {
    rules_.update(keywords());
  }

  /// A member of this schema.
  void add(const std::string& key, const form::Json& schema, const char* help, bool required);

  /// The schema, or a reference to it if it has a name.
  form::Json take();

 private:
  void add_part(const std::string& first, FieldSchema& part);

  form::Json& definitions_;
  std::string name_;
  std::string help_;
  form::Json properties_ = form::Json::object();
  form::Json required_ = form::Json::array();
  form::Json dependent_ = form::Json::object();
  form::Json rules_ = form::Json::object();
};

namespace form {

/// An object whose members the function visits: `visit_members(visit, value)`.
template <class F>
struct Members {
  F visit_members;

  template <class T>
  Json write(const T& value) const {
    Json json = Json::object();
    FieldWriter visit(json);
    visit_members(visit, value);
    return json;
  }

  template <class T>
  void read(const JsonPlace& place, T& value) const {
    FieldReader visit(place);
    visit_members(visit, value);
  }

  template <class T>
  Json schema(Json& definitions) const {
    FieldSchema visit(definitions);
    std::remove_cvref_t<T> any{};
    visit_members(visit, any);
    return visit.take();
  }
};
template <class F>
Members(F) -> Members<F>;

/// A struct that has fields().
struct VisitFields {
  void operator()(auto& visit, auto& value) const { fields(visit, value); }
};
using Object = Members<VisitFields>;
inline constexpr Object object;

}  // namespace form

/// The JSON Schema of documents that hold a `T`, as a file: indented, with a newline at its end.
std::string schema_document(const std::string& title, const std::string& help, form::Json definitions,
                            const form::Json& root);

template <class T>
std::string schema_of(const std::string& title, const std::string& help = "") {
  form::Json definitions = form::Json::object();
  const form::Json root = form::object.schema<T>(definitions);
  return schema_document(title, help, std::move(definitions), root);
}

}  // namespace waitlab
