#pragma once

#include "common/json/json_place.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// How values are written in JSON: each form writes one, reads it, and says its schema. A form is a plain value. What
/// is written fits the schema; what is read and does not is refused at its place.
namespace waitlab::form {

using Json = nlohmann::ordered_json;

/// A whole number. Into less than 64 bits, a million at most is read.
struct Count {
  std::uint64_t least = 0;
  std::optional<std::uint64_t> most{};
  std::string_view noun{};  ///< what it is, for errors

  template <std::integral T>
  Json write(T value) const {
    return value;
  }
  void read(const JsonPlace& place, std::uint64_t& value) const;
  void read(const JsonPlace& place, unsigned& value) const;
  void read(const JsonPlace& place, int& value) const;
  template <class>
  Json schema(Json&) const {
    return schema();
  }
  Json schema() const;
};

struct Number {
  std::optional<double> least{};
  std::optional<double> above{};
  std::optional<double> most{};

  Json write(double value) const { return value; }
  void read(const JsonPlace& place, double& value) const;
  template <class>
  Json schema(Json&) const {
    return schema();
  }
  Json schema() const;
};

inline constexpr Count count;
inline constexpr Number number;
inline constexpr Number amount{.least = 0};  ///< per second, or anything else that is not below 0

/// A time as a number of these units.
struct Time {
  std::chrono::nanoseconds unit;

  Json write(std::chrono::nanoseconds time) const {
    return static_cast<double>(time.count()) / static_cast<double>(unit.count());
  }
  void read(const JsonPlace& place, std::chrono::nanoseconds& time) const { time = place.time(unit); }
  template <class>
  Json schema(Json&) const {
    return amount.schema();
  }
};

inline constexpr Time in_seconds{std::chrono::seconds(1)};
inline constexpr Time in_ms{std::chrono::milliseconds(1)};
inline constexpr Time in_us{std::chrono::microseconds(1)};

struct Text {
  Json write(std::string_view text) const { return text; }
  void read(const JsonPlace& place, std::string& text) const { text = place.text(); }
  template <class>
  Json schema(Json&) const {
    return {{"type", "string"}};
  }
};

/// Text that the system takes as a path, an argument or a variable.
struct SystemText {
  Json write(std::string_view text) const { return text; }
  void read(const JsonPlace& place, std::string& text) const {
    text = place.text();
    place.system_word();
  }
  template <class>
  Json schema(Json&) const {
    return {{"type", "string"}, {"pattern", "^[^\\u0000]*$"}};
  }
};

/// Text of which not all is allowed.
struct CheckedText {
  std::string_view pattern;                                                  ///< for schemas: a regular expression
  void (*check)(const JsonPlace& place, const std::string& text) = nullptr;  ///< refuses the others

  Json write(std::string_view text) const { return text; }
  void read(const JsonPlace& place, std::string& text) const {
    text = place.text();
    if (check != nullptr) check(place, text);
  }
  template <class>
  Json schema(Json&) const {
    return {{"type", "string"}, {"pattern", pattern}};
  }
};

struct Flag {
  Json write(bool flag) const { return flag; }
  void read(const JsonPlace& place, bool& flag) const { flag = place.flag(); }
  template <class>
  Json schema(Json&) const {
    return {{"type", "boolean"}};
  }
};

/// One of some words: a text, or an enum whose values are their places.
struct Choice {
  std::span<const std::string_view> words;

  Json write(std::string_view text) const { return text; }
  template <class Enum>
  requires std::is_enum_v<Enum> Json write(Enum value)
  const { return words[static_cast<std::size_t>(value)]; }
  void read(const JsonPlace& place, std::string& text) const { text = words[read(place)]; }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void read(const JsonPlace& place, Enum& value) const { value = static_cast<Enum>(read(place)); }
  template <class>
  Json schema(Json&) const {
    return schema();
  }
  Json schema() const;

 private:
  std::size_t read(const JsonPlace& place) const;  ///< the place among the words; 0 if there is none, which is refused
};

/// What never changes, such as a schema's version.
struct Constant {
  Json only;

  template <class T>
  Json write(const T&) const {
    return only;
  }
  template <class>
  Json schema(Json&) const {
    return {{"const", only}};
  }
};

/// `schema`, or null.
Json nullable(Json schema);

/// Null for an optional without a value.
template <class Form>
struct Nullable {
  Form form;

  template <class T>
  Json write(const std::optional<T>& value) const {
    return value ? Json(form.write(*value)) : Json(nullptr);
  }
  template <class T>
  void read(const JsonPlace& place, std::optional<T>& value) const {
    value.reset();
    if (!place.is_null()) form.read(place, value.emplace());
  }
  template <class T>
  Json schema(Json& definitions) const {
    return nullable(form.template schema<typename T::value_type>(definitions));
  }
};
template <class Form>
Nullable(Form) -> Nullable<Form>;

/// Null for what is empty: a text, a list.
template <class Form>
struct NullIfEmpty {
  Form form;

  template <class T>
  Json write(const T& value) const {
    return value.empty() ? Json(nullptr) : Json(form.write(value));
  }
  template <class T>
  void read(const JsonPlace& place, T& value) const {
    value = {};
    if (!place.is_null()) form.read(place, value);
  }
  template <class T>
  Json schema(Json& definitions) const {
    return nullable(form.template schema<T>(definitions));
  }
};
template <class Form>
NullIfEmpty(Form) -> NullIfEmpty<Form>;

template <class Form>
struct ListOf {
  Form form;
  std::size_t least = 0;              ///< how many there are; said in schemas
  std::optional<std::size_t> most{};  ///< likewise

  template <class List>
  Json write(const List& values) const {
    Json json = Json::array();
    for (const auto& value : values)
      json.push_back(form.write(value));
    return json;
  }
  template <class T>
  void read(const JsonPlace& place, std::vector<T>& values) const {
    values.clear();
    for (const JsonPlace& item : place.items())
      form.read(item, values.emplace_back());
  }
  template <class List>
  Json schema(Json& definitions) const {
    Json json = {{"type", "array"},
                 {"items", form.template schema<typename std::remove_cvref_t<List>::value_type>(definitions)}};
    if (least > 0) json["minItems"] = least;
    if (most) json["maxItems"] = *most;
    return json;
  }
};
template <class Form>
ListOf(Form) -> ListOf<Form>;
template <class Form>
ListOf(Form, std::size_t) -> ListOf<Form>;
template <class Form>
ListOf(Form, std::size_t, std::size_t) -> ListOf<Form>;

inline constexpr Text text;
inline constexpr SystemText system_text;
inline constexpr Flag flag;
inline constexpr ListOf<Text> texts{};
inline constexpr NullIfEmpty<Text> text_or_null{};
inline constexpr Nullable<Count> count_or_null{};
inline constexpr Nullable<Number> amount_or_null{amount};
inline constexpr Nullable<Time> time_or_null{in_us};

}  // namespace waitlab::form
