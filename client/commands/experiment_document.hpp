#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/html_report.hpp"

#include <string>

namespace waitlab::client {

/// The text of an experiment's result.json, with what follows from the runs as it follows today. Bytes that are not
/// UTF-8, which a comment of the experiment's file may hold, are replaced.
std::string experiment_document(const ExperimentResult& result);

/// The same for a page, under the name by which people know the result.
ReportSource report_source(const std::string& name, const ExperimentResult& result);

}  // namespace waitlab::client
