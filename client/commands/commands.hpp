#pragma once

namespace waitlab::client {

// The commands of waitlab-client. `argv[0]` is the command's own name; each returns the exit code.

/// `run URL …`: puts load on a server and reports what was seen.
int run_command(int argc, char** argv);

/// `capacity URL --threshold …`: finds the highest rate at which a server meets the thresholds.
int capacity_command(int argc, char** argv);

/// `advise --rate … --slo …`: says which strategy and size a load needs, by queueing theory.
int advise_command(int argc, char** argv);

/// `experiment FILE …`: runs the experiment of a file and reports it.
int experiment_command(int argc, char** argv);

/// `lesson NAME`: shows an idea about threads at work, and has its outcome predicted.
int lesson_command(int argc, char** argv);

/// `report RESULT…`: the page of results that are there already.
int report_command(int argc, char** argv);

/// `check RESULT…`: holds results against queueing theory.
int check_command(int argc, char** argv);

/// `compare A B`: says by how much results differ.
int compare_command(int argc, char** argv);

/// `merge RESULTS…`: joins results of runs, writes the files that were asked for and prints the summary.
int merge_command(int argc, char** argv);

/// `collector --workers N … URL`: puts a load on a server by many workers, and reports it as one.
int collector_command(int argc, char** argv);

/// `worker --collector HOST:PORT`: makes its part of such a load.
int worker_command(int argc, char** argv);

}  // namespace waitlab::client
