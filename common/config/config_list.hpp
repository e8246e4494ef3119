#pragma once

#include "common/config/config_failure.hpp"
#include "common/config/config_setting.hpp"
#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {

/// Sets the fields of one item of a list from its JSON, which must have every key. A Failure says which item, from 1.
Result<void> read_item(const ConfigSpec& item, const nlohmann::json& value, std::size_t number);

/// An item as JSON, with the values its fields had when they were bound.
nlohmann::json item_json(const ConfigSpec& item);

/// The schema of an item.
nlohmann::ordered_json item_schema(const ConfigSpec& item);

/// Binds a key whose value is a list of objects that each have all the keys that `bind` binds to an item; in the
/// environment or a --set, the list as JSON. `items` as it is when it is bound is the default.
template <class Item>
void bind_list(ConfigSpec& spec, std::string key, std::vector<Item>& items, void (*bind)(ConfigSpec&, Item&),
               std::string help) {
  const auto read = [bind](const nlohmann::json& value) -> Result<std::vector<Item>> {
    if (!value.is_array()) return Failure{"must be a list; found " + describe(value)};
    std::vector<Item> list(value.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
      ConfigSpec item;
      bind(item, list[index]);
      if (const auto done = read_item(item, value[index], index + 1); !done) return done.error();
    }
    return list;
  };
  const auto write = [bind](std::vector<Item> list) {
    nlohmann::json value = nlohmann::json::array();
    for (Item& each : list) {
      ConfigSpec item;
      bind(item, each);
      value.push_back(item_json(item));
    }
    return value;
  };
  Item any;
  ConfigSpec sample;
  bind(sample, any);
  nlohmann::ordered_json schema{{"type", "array"}, {"items", item_schema(sample)}};
  const auto store = [&items](const std::vector<Item>& list) { items = list; };
  spec.add(make_setting(std::move(key), std::move(help), std::move(schema), items, store, read, write));
}

}  // namespace waitlab
