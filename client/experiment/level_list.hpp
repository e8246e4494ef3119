#pragma once

#include "common/json/forms.hpp"
#include "common/json/json_place.hpp"

#include <string_view>
#include <vector>

namespace waitlab::client {

/// One level of a load, within bounds.
struct LevelForm {
  double lowest;
  double highest;
  bool whole;
  std::string_view words;  ///< what it is a number of

  void read(const JsonPlace& place, double& level) const;
  template <class>
  form::Json schema(form::Json&) const {
    return schema();
  }
  form::Json schema() const;
};

/// The levels of a load: a list, or a range {"from": 10, "to": 1000, "steps": 5, "spacing": "linear" | "geometric"}.
/// Levels of a range are rounded, to three digits or to whole ones; what then comes twice is left out.
struct LevelList {
  LevelForm level;

  void read(const JsonPlace& place, std::vector<double>& levels) const;
  template <class>
  form::Json schema(form::Json& definitions) const {
    return list_schema(definitions);
  }

 private:
  form::Json list_schema(form::Json& definitions) const;
};

inline constexpr LevelList rate_levels{
    {.lowest = 0.001, .highest = 1e6, .whole = false, .words = "requests per second"}};
inline constexpr LevelList connection_levels{
    {.lowest = 1, .highest = 65'535, .whole = true, .words = "a whole number of connections"}};

}  // namespace waitlab::client
