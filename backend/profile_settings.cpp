#include "backend/profile_settings.hpp"

#include "common/config/apply_json.hpp"

#include <fmt/format.h>

namespace waitlab::backend {

std::string profile_json(const DelayProfile& profile) {
  DelayProfile copy = profile;
  ConfigSpec spec;
  bind_delay_profile(spec, "", copy);
  return nested_json(load_config(spec, {}).value()).dump(2) + "\n";
}

Result<DelayProfile> changed_profile(const DelayProfile& profile, const std::string& json) {
  const auto document = parse_jsonc(json, "body");
  if (!document) return document.error();
  DelayProfile changed = profile;
  ConfigSpec spec;
  bind_delay_profile(spec, "", changed);
  if (const auto applied = apply_json(spec, *document); !applied) return applied.error();
  const auto is_fixed = [](const char* key) {
    return Failure{fmt::format("{} names a file, which is opened when the backend starts: it cannot change now", key)};
  };
  if (changed.hold_log != profile.hold_log) return is_fixed("hold_log");
  if (changed.delay.file != profile.delay.file) return is_fixed("delay.file");
  if (const auto prepared = prepare_delay_profile(changed, ""); !prepared) return prepared.error();
  return changed;
}

}  // namespace waitlab::backend
