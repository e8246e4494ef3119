#include "common/json/json_place.hpp"

#include "common/config/apply_json.hpp"
#include "common/config/config_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace waitlab {

using Json = nlohmann::json;

namespace {

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

/// As it stands in the file, for it would end a message.
std::string with_nul_shown(const std::string& text) {
  std::string shown;
  for (const char c : text)
    shown += c == '\0' ? std::string("\\u0000") : std::string(1, c);
  return shown;
}

}  // namespace

JsonPlace::JsonPlace(const JsonDocument& document, std::optional<Failure>& failure)
    : document_(&document), failure_(&failure), value_(&document.root) {}

JsonPlace::JsonPlace(const JsonPlace& around, Json::json_pointer pointer, const Json* value)
    : document_(around.document_), failure_(around.failure_), pointer_(std::move(pointer)), value_(value) {}

JsonPlace JsonPlace::operator[](const std::string& member) const {
  if (!expect(value_ != nullptr && value_->is_object(), "an object")) return {*this, pointer_ / member, nullptr};
  const auto found = value_->find(member);
  const JsonPlace place(*this, pointer_ / member, found == value_->end() ? nullptr : &*found);
  if (place.value_ == nullptr) place.refuse("is missing");
  return place;
}

bool JsonPlace::is_null() const {
  return value_ == nullptr || value_->is_null();
}

bool JsonPlace::is_object() const {
  return value_ != nullptr && value_->is_object();
}

bool JsonPlace::is_list() const {
  return value_ != nullptr && value_->is_array();
}

bool JsonPlace::has(const std::string& member) const {
  return value_ != nullptr && value_->contains(member);
}

std::uint64_t JsonPlace::count() const {
  const bool right = value_ != nullptr && value_->is_number_unsigned();
  return expect(right, "a whole number, 0 or more") ? value_->get<std::uint64_t>() : 0;
}

double JsonPlace::number() const {
  return expect(value_ != nullptr && value_->is_number(), "a number") ? value_->get<double>() : 0;
}

unsigned JsonPlace::small_count() const {
  constexpr std::uint64_t most = 1'000'000;
  const std::uint64_t value = count();
  if (value > most) refuse(fmt::format("must be {} at most", most));
  return static_cast<unsigned>(std::min(value, most));
}

std::chrono::nanoseconds JsonPlace::time(std::chrono::nanoseconds unit) const {
  constexpr double longest = 1e18;  // 31 years
  const double ns = number() * static_cast<double>(unit.count());
  if (ns >= 0 && ns <= longest) return std::chrono::nanoseconds(std::llround(ns));
  refuse("must be a time from 0 to 31 years");
  return {};
}

bool JsonPlace::flag() const {
  return expect(value_ != nullptr && value_->is_boolean(), "true or false") && value_->get<bool>();
}

std::string JsonPlace::text() const {
  return expect(value_ != nullptr && value_->is_string(), "a text") ? value_->get<std::string>() : "";
}

std::string JsonPlace::word() const {
  if (value_ == nullptr) return {};
  return value_->is_string() ? value_->get<std::string>() : value_->dump();
}

std::string JsonPlace::system_word() const {
  std::string word = this->word();
  if (has_nul(word)) refuse(fmt::format("must be text without a NUL character; found {}", describe(*value_)));
  if (has_nul(pointer_.to_string())) refuse("a name must have no NUL character");
  return word;
}

std::vector<JsonPlace> JsonPlace::items() const {
  std::vector<JsonPlace> places;
  if (!expect(value_ != nullptr && value_->is_array(), "a list")) return places;
  for (std::size_t i = 0; i < value_->size(); ++i)
    places.push_back({*this, pointer_ / i, &(*value_)[i]});
  return places;
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const {
  std::vector<std::pair<std::string, JsonPlace>> places;
  if (!expect(value_ != nullptr && value_->is_object(), "an object")) return places;
  for (const auto& [name, value] : value_->items())
    places.emplace_back(name, JsonPlace(*this, pointer_ / name, &value));
  return places;
}

void JsonPlace::allow_only(const std::vector<std::string>& names) const {
  for (const auto& [name, member] : members()) {
    if (std::ranges::find(names, name) == names.end()) member.refuse("unknown key" + suggest(name, names, names));
  }
}

void JsonPlace::apply(const ConfigSpec& spec, UnknownKeys unknown) const {
  if (value_ == nullptr || *failure_) return;
  if (const auto applied = apply_json(spec, *document_, pointer_, unknown); !applied) *failure_ = applied.error();
}

void JsonPlace::refuse(const std::string& what) const {
  if (*failure_) return;
  const std::string path = with_nul_shown(dotted_path(pointer_));
  *failure_ = config_failure(document_->where(pointer_), path.empty() ? what : path + ": " + what);
}

bool JsonPlace::expect(bool right, const char* wanted) const {
  if (!right && value_ != nullptr) refuse(fmt::format("must be {}; found {}", wanted, describe(*value_)));
  return right;
}

}  // namespace waitlab
