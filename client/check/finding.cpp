#include "client/check/finding.hpp"

namespace waitlab::client {

Finding judged(Finding finding, const std::optional<std::string>& why_not) {
  if (why_not) {
    finding.verdict = Verdict::not_judged;
    finding.why = *why_not;
  } else {
    finding.verdict = finding.tolerance->holds(*finding.measured) ? Verdict::agrees : Verdict::differs;
  }
  return finding;
}

}  // namespace waitlab::client
