#include "server/processes/start.hpp"

#include "common/config/config_loader.hpp"

#include <stdexcept>
#include <utility>

namespace waitlab::server {

namespace {

void put_place(Letter& letter, const BackendPlace& place) {
  letter.put_text(place.authority);
  letter.put(place.addresses.size());
  for (const SocketAddress& address : place.addresses)
    letter.put(address);
}

BackendPlace take_place(Letter& letter) {
  BackendPlace place{letter.take_text(), {}};
  place.addresses.resize(letter.take<std::size_t>());
  for (SocketAddress& address : place.addresses)
    address = letter.take<SocketAddress>();
  return place;
}

void put_profiles(Letter& letter, const DelayProfiles& profiles) {
  const std::vector<std::string> settings = delay_profiles_settings(profiles, "");
  letter.put(settings.size());
  for (const std::string& setting : settings)
    letter.put_text(setting);
}

DelayProfiles take_profiles(Letter& letter) {
  DelayProfiles profiles;
  ConfigSpec spec;
  bind_delay_profiles(spec, "", profiles);
  ConfigSources sources;
  sources.sets.resize(letter.take<std::size_t>());
  for (std::string& setting : sources.sets)
    setting = letter.take_text();
  if (const auto loaded = load_config(spec, sources); !loaded) throw std::runtime_error(loaded.error().message);
  if (const auto ready = prepare_delay_profiles(profiles, ""); !ready) throw std::runtime_error(ready.error().message);
  return profiles;
}

}  // namespace

Letter PartsElsewhere::letter_about(const ApplicationParts& parts) {
  const SharedPages::Place site = parts.site.shared.place();
  if (site.file == nullptr || parts.telemetry.counts.place().file == nullptr)
    throw std::runtime_error(
        "no memory is granted that its processes could share; is the size of files limited (ulimit -f)?");
  Letter letter;
  letter.put(Told{.site = site.offset,
                  .telemetry = parts.telemetry.parts(),
                  .timeouts = parts.timeouts,
                  .backend_timeout = parts.backend_timeout,
                  .logs = parts.site.request_log != nullptr,
                  .has_place = parts.backend_place.has_value()});
  letter.lend(site.file->descriptor());
  letter.put_text(parts.telemetry.strategy);
  letter.put_text(parts.site.local.file.folder());
  if (parts.backend_place) {
    put_place(letter, *parts.backend_place);
  } else {
    put_profiles(letter, parts.backend_profiles);
  }
  return letter;
}

PartsElsewhere::PartsElsewhere(Letter& letter) : PartsElsewhere(letter, letter.take<Told>()) {}

PartsElsewhere::PartsElsewhere(Letter& letter, Told told)
    : told_(told),
      file_(letter.take_descriptor()),
      tracer_(SharedPages::Place{&file_, told.telemetry.tracer}),
      telemetry_(letter.take_text(), tracer_, file_, told.telemetry),
      site_(SharedPages::Place{&file_, told.site}) {
  site_.local.file.keep_in(letter.take_text());
  site_.local.file.prepare();
  if (told.has_place) {
    place_ = take_place(letter);
  } else {
    profiles_ = take_profiles(letter);
  }
}

ApplicationParts PartsElsewhere::application_parts() {
  return {.site = site_,
          .telemetry = telemetry_,
          .timeouts = told_.timeouts,
          .backend_place = place_,
          .backend_profiles = profiles_,
          .backend_timeout = told_.backend_timeout};
}

}  // namespace waitlab::server
