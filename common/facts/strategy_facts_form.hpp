#pragma once

#include "common/facts/strategy_facts.hpp"
#include "common/json/forms.hpp"

namespace waitlab {

/// How the facts of a strategy are written in JSON, for both who tells them and who reads them.
struct StrategyFactsForm {
  form::Json write(const StrategyFacts& facts) const;
  void read(const JsonPlace& place, StrategyFacts& facts) const;
  template <class>
  form::Json schema(form::Json& definitions) const {
    return schema(definitions);
  }
  form::Json schema(form::Json& definitions) const;
};

}  // namespace waitlab
