#pragma once

#include "client/experiment/experiment_file.hpp"
#include "client/record/experiment_result.hpp"
#include "client/report/html_report.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <string>

namespace waitlab::client {

/// Makes the new folder `out`/`name`-YYYYmmdd-HHMMSS (local time; a number is added if it exists) with a folder `logs`
/// in it. A folder that can't be made is a Failure.
Result<std::filesystem::path> make_results_folder(const std::filesystem::path& out, const std::string& name);

/// Makes the next folder `logs-2`, `logs-3` … in a folder of results, for a part that goes on with it.
Result<std::filesystem::path> make_next_logs_folder(const std::filesystem::path& results);

/// The result that a word of the command line stands for: itself, or the result.json of an experiment's folder.
std::string result_of_word(const std::string& word);

/// Removes files into which nothing was written.
void remove_empty_files(const std::filesystem::path& folder);

/// The text of an experiment's result.json, with what follows from the runs as it follows today. Bytes that are not
/// UTF-8, which a comment of the experiment's file may hold, are replaced.
std::string experiment_document(const ExperimentResult& result);

/// The same for a page, under the name by which people know the result.
ReportSource report_source(const std::string& name, const ExperimentResult& result);

/// Writes result.json and report.html. Failure names the first that can't be written; the other is there all the same.
Result<void> write_results(const ExperimentResult& result, const std::filesystem::path& folder);

/// An experiment that was begun, and what was found by then.
struct EarlierPart {
  Experiment experiment;
  ExperimentResult result;
};

/// Reads what `--resume` goes on with from the result.json in `folder`: the experiment is that of `file`, or of the
/// file that the result names, or, where that is gone, of the text in the result. Failure: there is none, or the file,
/// or that of its load's requests, is no longer what it was.
Result<EarlierPart> read_earlier_part(const std::filesystem::path& folder, const std::string& file);

/// Whether runs made now can stand beside the earlier ones: by the same program, on the same machine, as far as a
/// report tells of it, and CPUs.
Result<void> expect_same_conditions(const ExperimentResult& earlier, const Machine& machine,
                                    const Placement& placement);

}  // namespace waitlab::client
