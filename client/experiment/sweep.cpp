#include "client/experiment/sweep.hpp"

#include <algorithm>

namespace waitlab::client {

std::vector<SweptKey> read_sweep(const JsonPlace& place) {
  std::vector<SweptKey> sweep;
  for (const auto& [key, list] : place.members()) {
    SweptKey swept{.key = key, .values = {}};
    for (const JsonPlace& item : list.items()) {
      const std::string value = item.word();
      if (item.is_object() || item.is_list() || item.is_null())
        item.refuse("must be a single value, such as 8 or \"auto\"");
      if (std::ranges::find(swept.values, value) != swept.values.end()) item.refuse(value + " is given twice");
      swept.values.push_back(value);
    }
    if (list.is_list() && swept.values.empty()) list.refuse("is empty; give the values it is to take, as [4, 8, 16]");
    sweep.push_back(std::move(swept));
  }
  if (place.is_object() && sweep.empty()) place.refuse("is empty; give keys and their values, or remove it");
  return sweep;
}

std::vector<std::vector<std::string>> combinations(const std::vector<SweptKey>& sweep) {
  std::vector<std::vector<std::string>> all{{}};
  for (const SweptKey& swept : sweep) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& words : all) {
      for (const std::string& value : swept.values) {
        longer.push_back(words);
        longer.back().push_back(swept.key + "=" + value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace waitlab::client
