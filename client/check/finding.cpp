#include "client/check/finding.hpp"

namespace waitlab::client {

Finding judged(Finding finding, const std::optional<std::string>& why_not) {
  if (why_not) {
    finding.verdict = FindingVerdict::not_judged;
    finding.why = *why_not;
  } else {
    finding.verdict = finding.tolerance->holds(*finding.measured) ? FindingVerdict::agrees : FindingVerdict::differs;
  }
  return finding;
}

}  // namespace waitlab::client
