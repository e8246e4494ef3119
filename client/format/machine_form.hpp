#pragma once

#include "client/format/result_json.hpp"
#include "common/json/forms.hpp"

namespace waitlab::form {

/// A machine, by the schema of results.
struct MachineOfResult {
  Json write(const Machine& machine) const { return client::to_json(machine); }
  void read(const JsonPlace& place, Machine& machine) const { machine = client::read_machine(place); }
  template <class>
  Json schema(Json&) const {
    return {{"$ref", "result.schema.json#/$defs/machine"}};
  }
};

}  // namespace waitlab::form
