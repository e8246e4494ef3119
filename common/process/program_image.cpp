#include "common/process/program_image.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace waitlab {
namespace {

/// The steps of a child on its way to its program that can fail; sent over the pipe with errno.
enum class Step : int { inputs, descriptors, cpus, directory, execute };

struct ChildFailure {
  Step step;
  int error;
};

std::string_view describe(Step step) {
  switch (step) {
    case Step::inputs:
      return "redirecting its input and output";
    case Step::descriptors:
      return "closing inherited descriptors (this needs Linux 5.11 or newer)";
    case Step::cpus:
      return "pinning it to its CPUs (check the list against `taskset -p $$`)";
    case Step::directory:
      return "entering its working directory";
    case Step::execute:
      return "executing it";
  }
  return "starting it";
}

std::string error_text(int error) {
  return std::strerror(error);
}

/// The path of an executable: as given if it has a slash, else the first match on PATH.
std::string find_program(const std::string& name) {
  const char* search = std::getenv("PATH");
  if (name.find('/') != std::string::npos || search == nullptr) return name;
  std::string_view folders = search;
  while (!folders.empty()) {
    const auto end = std::min(folders.find(':'), folders.size());
    const std::string candidate = fmt::format("{}/{}", folders.substr(0, end), name);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    folders.remove_prefix(std::min(end + 1, folders.size()));
  }
  return name;
}

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

/// What the program is given and, of ours, what it inherits: a name must not stand there twice.
std::vector<std::string> environment_of(const ChildProcess::Options& options) {
  std::vector<std::string> variables = options.environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const bool withheld = !options.keep_waitlab_environment && variable.starts_with("WAITLAB_");
    const bool given = std::ranges::find(options.environment, name_of(variable), name_of) != options.environment.end();
    if (!withheld && !given) variables.emplace_back(variable);
  }
  return variables;
}

std::vector<char*> null_terminated(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

cpu_set_t cpu_set(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus)
    CPU_SET(cpu, &set);
  return set;
}

/// Blocks every signal for its lifetime, so that none of the parent's handlers runs in the child before it executes.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

/// An ignored signal would stay ignored in the program, and SIGTERM would not stop it. Handlers end with exec anyway.
void reset_signals() noexcept {
  for (int number = 1; number < NSIG; ++number)
    ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return Failure{fmt::format("cannot create a pipe: {} (raise `ulimit -n`?)", error_text(errno))};
  }
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// What the child wrote before it gave up, or nothing: the pipe closed because the program runs.
std::optional<ChildFailure> read_child_failure(int fd) noexcept {
  ChildFailure failure;
  ssize_t got;
  do {
    got = ::read(fd, &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof failure) return std::nullopt;
  return failure;
}

}  // namespace

Result<ProgramImage> ProgramImage::prepare(const ChildProcess::Options& options) {
  if (options.command.empty()) return Failure{"cannot start a program: the command is empty"};
  ProgramImage image;
  image.program_ = find_program(options.command.front());
  image.arguments_ = options.command;
  image.environment_ = environment_of(options);
  image.directory_ = options.directory;
  image.stdout_to_stderr_ = options.stdout_to_stderr;
  if (!options.cpus.empty()) image.cpus_ = cpu_set(options.cpus);
  image.input_ = FileDescriptor(options.stdin_descriptor < 0 ? ::open("/dev/null", O_RDONLY | O_CLOEXEC)
                                                             : ::fcntl(options.stdin_descriptor, F_DUPFD_CLOEXEC, 0));
  if (options.stderr_file) {
    image.stderr_ =
        FileDescriptor(::open(options.stderr_file->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!image.stderr_) {
      return Failure{fmt::format("cannot write {}: {}", *options.stderr_file, error_text(errno))};
    }
  }
  image.argv_ = null_terminated(image.arguments_);
  image.envp_ = null_terminated(image.environment_);
  return image;
}

Result<ProgramImage::Launched> ProgramImage::launch() {
  auto output = make_pipe();
  if (!output) return output.error();
  auto report = make_pipe();
  if (!report) return report.error();

  const pid_t parent = ::getpid();
  pid_t pid;
  {
    const AllSignalsBlocked blocked;
    pid = ::fork();
    if (pid == 0) become_program(output->write_end.get(), report->write_end.get(), parent);
  }
  if (pid < 0) return Failure{fmt::format("cannot start {}: fork: {}", program_, error_text(errno))};
  report->write_end.reset();
  if (const auto failure = read_child_failure(report->read_end.get())) {
    ::waitpid(pid, nullptr, 0);
    return Failure{
        fmt::format("cannot start {}: {} while {}", program_, error_text(failure->error), describe(failure->step))};
  }
  return Launched{pid, output->read_end.release()};
}

void ProgramImage::become_program(int stdout_fd, int failure_fd, pid_t parent) noexcept {
  const auto give_up = [failure_fd](Step step) {
    const ChildFailure failure{step, errno};
    [[maybe_unused]] const ssize_t written = ::write(failure_fd, &failure, sizeof failure);
    ::_exit(127);
  };
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it died before the line above
  ::setpgid(0, 0);                          // Ctrl-C in the terminal is ours to handle, in our order
  if (::dup2(input_.get(), STDIN_FILENO) < 0 || (stderr_ && ::dup2(stderr_.get(), STDERR_FILENO) < 0) ||
      ::dup2(stdout_to_stderr_ ? STDERR_FILENO : stdout_fd, STDOUT_FILENO) < 0) {
    give_up(Step::inputs);
  }
  if (::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0) give_up(Step::descriptors);
  if (cpus_ && ::sched_setaffinity(0, sizeof *cpus_, &*cpus_) != 0) give_up(Step::cpus);
  if (!directory_.empty() && ::chdir(directory_.c_str()) != 0) give_up(Step::directory);
  reset_signals();
  ::execve(program_.c_str(), argv_.data(), envp_.data());
  give_up(Step::execute);
}

}  // namespace waitlab
