#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace waitlab {

struct ConfigBlocks;
struct ConfigSetting;

/// What becomes of keys that a spec does not have, in the outermost object that is read; inside it they are refused.
enum class UnknownKeys { refused, left_alone };

/// The keys a program's config may hold, each bound to the field it sets. A field's value when it is bound is the
/// default. The spec holds references: it must not outlive the struct whose fields it binds. Not thread-safe.
///
/// Keys are dotted paths ("strategies.fixed-pool.threads"). One table serves reading, `--print-config`, the
/// environment's names, the "did you mean" of an error, and the JSON Schema. Limits are inclusive. A default is not
/// held against the limits, so that it may mean "not given".
class ConfigSpec {
 public:
  ConfigSpec();
  ConfigSpec(ConfigSpec&&) noexcept;
  ConfigSpec& operator=(ConfigSpec&&) noexcept;
  ~ConfigSpec();

  ConfigSpec& text(std::string key, std::string& field, std::string help);
  ConfigSpec& choice(std::string key, std::string& field, std::vector<std::string> allowed, std::string help);
  ConfigSpec& flag(std::string key, bool& field, std::string help);
  ConfigSpec& number(std::string key, double& field, double min, double max, std::string help);
  ConfigSpec& duration(std::string key, std::chrono::nanoseconds& field, std::chrono::nanoseconds min,
                       std::chrono::nanoseconds max, std::string help);
  ConfigSpec& size(std::string key, std::uint64_t& bytes, std::uint64_t min, std::uint64_t max, std::string help);

  template <std::unsigned_integral T>
  ConfigSpec& integer(const std::string& key, T& field, std::uint64_t min, std::uint64_t max, const std::string& help) {
    return whole_number(
        key, field, [&field](std::uint64_t value) { field = static_cast<T>(value); }, min,
        std::min<std::uint64_t>(max, std::numeric_limits<T>::max()), help);
  }

  /// A whole number, or "auto", which is stored as 0; `min` must be above that.
  template <std::unsigned_integral T>
  ConfigSpec& integer_or_auto(const std::string& key, T& field, std::uint64_t min, std::uint64_t max,
                              const std::string& help) {
    return whole_number_or_auto(
        key, field, [&field](std::uint64_t value) { field = static_cast<T>(value); }, min,
        std::min<std::uint64_t>(max, std::numeric_limits<T>::max()), help);
  }

  /// Blocks of keys under names that a config chooses: with the prefix "profiles." the block called db has the keys
  /// "profiles.db.…", bound by `bind(spec, "profiles.db.", block)`. Reading a config begins without any. A name has up
  /// to 40 of a-z, 0-9, _ and -, and begins with a letter or a digit.
  template <class Blocks>
  ConfigSpec& blocks(const std::string& prefix, Blocks& blocks,
                     void (*bind)(ConfigSpec&, const std::string&, typename Blocks::mapped_type&)) {
    typename Blocks::mapped_type any;
    ConfigSpec sample;
    bind(sample, "", any);
    const auto add = [&blocks, bind, prefix](const std::string& name) {
      ConfigSpec spec;
      bind(spec, prefix + name + ".", blocks[name]);
      return spec;
    };
    return add_blocks(
        prefix, sample, [&blocks] { blocks.clear(); }, add);
  }

  /// A key of a kind that is none of the above.
  ConfigSpec& add(ConfigSetting setting);

  /// In the order in which they were bound.
  const std::vector<ConfigSetting>& settings() const;
  const std::vector<ConfigBlocks>& blocks() const;

 private:
  ConfigSpec& whole_number(std::string key, std::uint64_t initial, std::function<void(std::uint64_t)> store,
                           std::uint64_t min, std::uint64_t max, std::string help);
  ConfigSpec& whole_number_or_auto(std::string key, std::uint64_t initial, std::function<void(std::uint64_t)> store,
                                   std::uint64_t min, std::uint64_t max, std::string help);
  ConfigSpec& add_blocks(const std::string& prefix, const ConfigSpec& sample, std::function<void()> clear,
                         std::function<ConfigSpec(const std::string& name)> add);

  std::vector<ConfigSetting> settings_;
  std::vector<ConfigBlocks> blocks_;
};

}  // namespace waitlab
