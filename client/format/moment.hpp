#pragma once

#include "client/record/utc_now.hpp"
#include "common/json/forms.hpp"

namespace waitlab::form {

/// A moment in UTC as `utc_now` writes it; a run that never began has an empty one.
struct Moment : Text {
  void read(const JsonPlace& place, std::string& moment) const {
    moment = place.text();
    if (!moment.empty() && !client::parse_utc(moment))
      place.refuse("must be a time in UTC such as 2026-01-02T03:04:05.678Z");
  }
  template <class>
  Json schema(Json&) const {
    return {{"type", "string"}, {"pattern", R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$)"}};
  }
};

}  // namespace waitlab::form
