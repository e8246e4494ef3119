#pragma once

#include "backend/hold_record.hpp"
#include "backend/profiles.hpp"
#include "common/delay/delay_profile.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::backend {

/// What the listener knows of its connections.
struct ConnectionCounts {
  std::size_t open = 0;               ///< now
  std::uint64_t accept_failures = 0;  ///< such as being out of descriptors
};

/// A response before it becomes bytes.
struct Answer {
  unsigned status = 200;
  std::string_view content_type;  ///< static text
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> fields = {};
};

/// How an answer must be sent to suit its request.
struct Framing {
  bool to_head = false;
  bool keep_alive = true;
  unsigned version = 11;  ///< of the request: 10 or 11
};

Answer hold_answer(const HoldRecord& record);
Answer status_answer(const Profiles& profiles, const ConnectionCounts& connections);
/// The settings of a profile.
Answer profile_answer(const DelayProfile& profile);
Answer health_answer();
Answer problem_answer(unsigned status, std::string_view detail);

void write_answer(std::string& out, const Answer& answer, const Framing& framing);

}  // namespace waitlab::backend
