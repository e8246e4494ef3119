#include "client/report/same_loop.hpp"

#include <fmt/format.h>

namespace waitlab::client {

Result<void> expect_same_loop(const std::string& one_name, Loop one, const std::string& other_name, Loop other) {
  if (one == other) return {};
  const std::string& open = one == Loop::open ? one_name : other_name;
  const std::string& closed = one == Loop::open ? other_name : one_name;
  return Failure{fmt::format(
      "{} is of an open loop and {} of a closed one, which have no axis in common; make a page of each", open, closed)};
}

}  // namespace waitlab::client
