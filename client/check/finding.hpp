#pragma once

#include "client/check/stray.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

enum class FindingVerdict { agrees, differs, not_judged };

/// What a figure's numbers are: seconds, a share of 1, or a plain number.
enum class FigureUnit { seconds, share, number };

/// One figure of one law against what was measured.
struct Finding {
  std::string law;     ///< "Little", "replay", "Erlang-C", "M/G/inf"
  std::string figure;  ///< "mean response"
  FigureUnit unit = FigureUnit::number;
  std::optional<double> predicted{};
  std::optional<double> measured{};
  std::optional<Band> tolerance{};  ///< where the measured one may lie
  FindingVerdict verdict = FindingVerdict::not_judged;
  std::string why{};  ///< it was not judged: one clause
};

/// The verdict by the tolerance, or, with a reason `why_not`, none. A figure that has not been measured, or has no
/// tolerance, must come with a reason.
Finding judged(Finding finding, const std::optional<std::string>& why_not);

}  // namespace waitlab::client
