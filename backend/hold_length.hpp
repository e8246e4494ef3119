#pragma once

#include "common/delay/delay_profile.hpp"

#include <chrono>
#include <cstddef>

namespace waitlab::backend {

/// How long a hold takes that was drawn for `drawn`, begins that long after the backend's start, and is one of `n` at
/// once, itself included:
///
///     drawn * (1 + contention * (n - 1) + coherency * n * (n - 1)), and in a brownout `factor` times that
///
/// So n holds at once get done n / (1 + contention * (n - 1) + coherency * n * (n - 1)) times as much as one alone,
/// which is N. J. Gunther's Universal Scalability Law ("Guerrilla Capacity Planning", 2007; arXiv:0808.1431): holds
/// wait for each other (contention), and each has to agree with every other (coherency). With the latter there is a
/// number of holds, sqrt((1 - contention) / coherency), beyond which more of them get less done, as with a database
/// that too many connections share. At most `longest_hold`.
std::chrono::nanoseconds hold_length(const DelayProfile& profile, std::chrono::nanoseconds drawn,
                                     std::chrono::nanoseconds since_start, std::size_t n);

}  // namespace waitlab::backend
