#pragma once

#include <boost/system/result.hpp>

#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

namespace waitlab {

struct FailureText {
  std::string message;
};

/// Why something could not be parsed, read or started: one line that says what was wrong, where, and what to do.
/// Made as `Failure{"message"}`. The base keeps a string from being a Failure(string) by itself, which is what would
/// keep a plain string out of a Result<std::string>.
struct Failure : FailureText {};

/// Either a value or the `Failure` that stands in its way. `value()` on a failure throws std::runtime_error.
template <class T>
using Result = boost::system::result<T, Failure>;

[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
  throw std::runtime_error(failure.message);
}

}  // namespace waitlab
