#pragma once

#include <boost/system/result.hpp>

#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

namespace waitlab {

/// Why something could not be parsed, read or started: one line that says what was wrong, where, and what to do.
struct Failure {
  std::string message;
};

/// Either a value or the `Failure` that stands in its way. `value()` on a failure throws std::runtime_error.
template <class T>
using Result = boost::system::result<T, Failure>;

[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
  throw std::runtime_error(failure.message);
}

}  // namespace waitlab
