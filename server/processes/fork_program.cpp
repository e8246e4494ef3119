#include "server/processes/fork_program.hpp"

#include "server/connection/serve_request.hpp"
#include "server/counts/thread_track.hpp"
#include "server/io/blocking_io.hpp"
#include "server/processes/messages.hpp"
#include "server/processes/start.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int channel = STDIN_FILENO;

/// The one row that a process has for the request log.
class OneRow final : public RequestRows {
 public:
  std::uint64_t append(const RequestRow& row) override {
    row_ = row;
    id_ = row.request_id;
    route_ = row.route;
    return 0;
  }

  void tell(Served& served) const {
    served.row = row_;
    served.row_id = id_;
    served.row_route = route_;
  }

 private:
  std::optional<RequestRow> row_;
  std::string id_;
  std::string route_;
};

/// SIGCHLD as something to poll; the server alone says when this program is to end, so that a signal to all of its
/// group cuts no request.
FileDescriptor watch_children() {
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &ended, nullptr);
  FileDescriptor signals(::signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) throw std::system_error(errno, std::system_category(), "signalfd");
  return signals;
}

class ForkProgram {
 public:
  explicit ForkProgram(Letter& start) : parts_(start), application_(parts_.application_parts()) {
    ::tzset();  // or each process would read the time zone's file
    if (parts_.logs()) parts_.site().request_log = &row_;
  }

  void run();

 private:
  bool take_orders();
  void fork_for(Letter& order);
  [[noreturn]] void serve(const Job& job, std::string_view received, FileDescriptor connection);
  void reap(int options);
  ResourceUsage used_besides(const rusage& process);

  const pid_t self_ = ::getpid();
  PartsElsewhere parts_;
  Application application_;
  BlockingIo io_;
  OneRow row_;
  FileDescriptor signals_ = watch_children();
  std::unordered_map<pid_t, std::uint64_t> tokens_;  ///< of the processes that run
  ResourceUsage told_;                               ///< of what this program itself has used
};

void ForkProgram::run() {
  for (bool orders = true; orders;) {
    std::array<pollfd, 2> polled{{{channel, POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
    ::poll(polled.data(), polled.size(), -1);
    if (polled[1].revents != 0) {
      signalfd_siginfo ended{};
      while (::read(signals_.get(), &ended, sizeof ended) > 0) {
      }
      reap(WNOHANG);
    }
    if (polled[0].revents != 0) orders = take_orders();
  }
  while (!tokens_.empty())
    reap(0);
}

/// Returns false once there will be none.
bool ForkProgram::take_orders() {
  Letter order;
  const auto received = order.receive(channel, false);
  if (received == Letter::Received::yes) fork_for(order);
  return received != Letter::Received::none_more;
}

void ForkProgram::fork_for(Letter& order) {
  const auto job = order.take<Job>();
  const std::string received = order.take_text();
  FileDescriptor connection = order.take_descriptor();
  parts_.telemetry().threads.have(job.lane);
  parts_.telemetry().requests.have(job.request);
  const pid_t process = ::fork();
  if (process == 0) serve(job, received, std::move(connection));
  if (process > 0) {
    tokens_.emplace(process, job.token);
  } else {
    letter_of(News::not_forked, NotForked{job.token}).send(channel, true);
  }
}

/// In the new process. What it throws ends it, and is then known by its end.
void ForkProgram::serve(const Job& job, std::string_view received, FileDescriptor connection_socket) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != self_) ::_exit(EXIT_FAILURE);  // it died before the line above
  signals_.reset();
  IdleConnection idle{std::move(connection_socket), HttpState(job.limits), Counted()};
  idle.http.in.append(received);
  idle.http.expected = job.expected;
  idle.http.invited = job.invited;
  idle.http.readable_since = job.readable_since;
  idle.http.in_queue = Clock::now() - job.queued_since;
  Connection connection(io_, std::move(idle), parts_.telemetry(), job.request);
  const ThreadTrack lane(parts_.telemetry().threads, job.lane);
  ThreadTrack::of_this_thread()->be_process(::getpid());
  Served served{.token = job.token};
  {
    const ScopedActivity serving(Activity::running);
    connection.request.run();
    served.after = serve_request(io_, connection, application_.service(), Answers::sent).get();
  }
  connection.request.end();
  connection.socket.reset();
  served.readable_since = connection.http.readable_since;
  served.rest = connection.http.in.unread();
  row_.tell(served);
  served_letter(served).send(channel, true);
  ::_exit(EXIT_SUCCESS);
}

void ForkProgram::reap(int options) {
  rusage used{};
  for (pid_t process = 0; (process = ::wait4(-1, nullptr, options, &used)) > 0;) {
    const auto found = tokens_.find(process);
    if (found == tokens_.end()) continue;
    letter_of(News::ended, Ended{found->second, process, used_besides(used)}).send(channel, true);
    tokens_.erase(found);
  }
}

/// By the process, and by this program since it told that last.
ResourceUsage ForkProgram::used_besides(const rusage& process) {
  const ResourceUsage own = process_usage();
  ResourceUsage used = usage_of(process);
  used += own - told_;
  told_ = own;
  return used;
}

}  // namespace

int run_fork_program() {
  Letter start;
  if (start.receive(channel, true) != Letter::Received::yes) return EXIT_FAILURE;
  std::optional<ForkProgram> program;
  Letter answer;
  try {
    program.emplace(start);
    answer.put(Started::yes);
  } catch (const std::exception& error) {
    answer.put(Started::no);
    answer.put_text(error.what());
  }
  answer.send(channel, true);
  if (!program) return EXIT_FAILURE;
  program->run();
  return EXIT_SUCCESS;
}

}  // namespace waitlab::server
