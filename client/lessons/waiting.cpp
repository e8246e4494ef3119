#include "client/lessons/waiting.hpp"

#include "client/experiment/program.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/stats/time_text.hpp"
#include "client/theory/queueing.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

using WaitingClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds one_wait{50};
constexpr unsigned calls_of_a_fan_out = 10;

constexpr std::array<LessonAnswer, 4> waiting_answers{{
    {"none", "all three take 100 times 50 ms: a wait is a wait"},
    {"threads", "only the 100 threads take about 50 ms"},
    {"loop", "only the event loop takes about 50 ms"},
    {"both", "the threads and the event loop take about 50 ms"},
}};

/// A call to the backend, on a connection of its own. Move-only.
class BackendCall {
 public:
  /// Sends the request. Throws std::system_error if it cannot.
  BackendCall(const SocketAddress& backend, const std::string& query, std::uint64_t id)
      : socket_(::socket(backend.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::string request = fmt::format(
        "GET /hold{} HTTP/1.1\r\nHost: backend\r\nX-Request-Id: {}\r\nConnection: close\r\n\r\n", query, id);
    if (!socket_ || ::connect(socket_.get(), backend.data(), backend.length) != 0 ||
        ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
      throw std::system_error(errno, std::system_category(), "a call to the backend");
  }

  int socket() const noexcept { return socket_.get(); }

  /// Blocks until there is more of the answer; false at its end, which is that of the connection. Throws std::exception
  /// if the connection broke, or it was no good answer.
  bool receive_more() {
    std::array<char, 4096> part;
    const ssize_t got = ::recv(socket_.get(), part.data(), part.size(), 0);
    if (got < 0) throw std::system_error(errno, std::system_category(), "the backend's answer");
    start_.append(part.data(), std::min(static_cast<std::size_t>(got), good_start.size() - start_.size()));
    if (got > 0) return true;
    if (start_ != good_start) throw std::runtime_error("the backend gave no answer with status 200");
    socket_.reset();
    return false;
  }

 private:
  static constexpr std::string_view good_start = "HTTP/1.1 200 ";

  FileDescriptor socket_;
  std::string start_;  ///< of the answer
};

void call_and_block(const SocketAddress& backend, const std::string& query, std::uint64_t id) {
  BackendCall call(backend, query, id);
  while (call.receive_more()) {
  }
}

/// So many calls, each on a thread of its own that blocks; how long all of them took.
Result<nanoseconds> call_on_threads(const SocketAddress& backend, const std::string& query, unsigned calls) {
  std::vector<std::string> errors(calls);
  const nanoseconds took = time_together(calls, usable_cpus(), [&](unsigned call) {
    try {
      call_and_block(backend, query, call);
    } catch (const std::exception& error) {
      errors[call] = error.what();
    }
  });
  for (const std::string& error : errors)
    if (!error.empty()) return Failure{error};
  return took;
}

/// So many calls at the same time on one thread that waits for all of them in one place; returns how long each took.
std::vector<nanoseconds> call_on_a_loop(const SocketAddress& backend, const std::string& query, std::uint64_t first_id,
                                        unsigned calls) {
  const FileDescriptor loop(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<BackendCall> sent;
  std::vector<WaitingClock::time_point> begun;
  std::vector<nanoseconds> took(calls);
  for (unsigned call = 0; call < calls; ++call) {
    begun.push_back(WaitingClock::now());
    sent.emplace_back(backend, query, first_id + call);
    epoll_event readable{};
    readable.events = EPOLLIN;
    readable.data.u32 = call;
    if (::epoll_ctl(loop.get(), EPOLL_CTL_ADD, sent.back().socket(), &readable) != 0)
      throw std::system_error(errno, std::system_category(), "epoll_ctl");
  }
  for (unsigned left = calls; left > 0;) {
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(loop.get(), events.data(), static_cast<int>(events.size()), -1);
    for (int index = 0; index < count; ++index) {
      const unsigned call = events[static_cast<std::size_t>(index)].data.u32;
      if (sent[call].receive_more()) continue;
      took[call] = WaitingClock::now() - begun[call];
      --left;
    }
  }
  return took;
}

nanoseconds timed(const auto& work) {
  const auto begin = WaitingClock::now();
  work();
  return WaitingClock::now() - begin;
}

/// Of requests that wait for the slowest of some calls, each of 50 ms on average. Once `stop` was asked there is no
/// other batch.
nanoseconds mean_of_fan_outs(const SocketAddress& backend, std::uint64_t first_id, unsigned batches,
                             const std::stop_token& stop) {
  constexpr unsigned at_once = 20;
  nanoseconds sum{0};
  unsigned made = 0;
  do {
    const auto took =
        call_on_a_loop(backend, "", first_id + made * at_once * calls_of_a_fan_out, at_once * calls_of_a_fan_out);
    for (unsigned request = 0; request < at_once; ++request) {
      const auto first = took.begin() + std::ptrdiff_t{request} * calls_of_a_fan_out;
      sum += *std::max_element(first, first + calls_of_a_fan_out);
    }
    ++made;
  } while (made < batches && !stop.stop_requested());
  return sum / (made * at_once);
}

LessonOutcome told(const Waited& waited) {
  const auto fan_out = std::chrono::duration_cast<nanoseconds>(fan_out_mean(Seconds(one_wait), calls_of_a_fan_out));
  const std::string calls = fmt::format("{} waits of {}", waited.calls, short_time(one_wait));
  LessonOutcome outcome;
  outcome.figures = {
      {calls + ", one thread", "s", time_reading(waited.all_in_turn()), {}, time_reading(waited.one_thread)},
      {fmt::format("the same, {} threads", waited.calls),
       "s",
       time_reading(one_wait),
       {},
       time_reading(waited.threads)},
      {"the same, one event loop", "s", time_reading(one_wait), {}, time_reading(waited.loop)},
      {"slowest of 10 waits, on average", "s", {}, time_reading(fan_out), time_reading(waited.fan_out)},
  };
  outcome.trace = bars_text({{"one thread", time_reading(waited.one_thread)},
                             {fmt::format("{} threads", waited.calls), time_reading(waited.threads)},
                             {"one event loop", time_reading(waited.loop)}});
  outcome.answer = waiting_answer(waited);
  outcome.conclusion = waiting_conclusion(waited);
  return outcome;
}

Result<Waited> wait_in_three_ways(const LessonSetting& setting, const SocketAddress& backend) {
  const std::string query = fmt::format("?delay={}ms", one_wait.count());
  Waited waited{.calls = setting.quick ? 40U : 100U, .wait = one_wait};
  setting.on_step(fmt::format("{} waits on one thread", waited.calls));
  waited.one_thread = timed([&] {
    for (unsigned call = 0; call < waited.calls && !setting.stop.stop_requested(); ++call)
      call_and_block(backend, query, call);
  });
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  setting.on_step(fmt::format("{0} waits on {0} threads, on one loop, and as fan-outs", waited.calls));
  const auto threads = call_on_threads(backend, query, waited.calls);
  if (!threads) return threads.error();
  waited.threads = *threads;
  waited.loop = timed([&] { call_on_a_loop(backend, query, 0, waited.calls); });
  waited.fan_out = mean_of_fan_outs(backend, setting.seed * 1'000'000, setting.quick ? 3 : 10, setting.stop);
  return waited;
}

Result<LessonOutcome> run_waiting(const LessonSetting& setting) {
  const LessonFolder logs;
  auto backend = Program::start({.name = "the backend",
                                 .command = {setting.programs.backend, "--set", "listen.port=0"},
                                 .cpus = usable_cpus(),
                                 .log = logs.path() / "backend.log",
                                 .prefixes = {"listening on"}},
                                setting.stop);
  if (!backend) return backend.error();
  const auto address = resolve_authority(backend->address(0));
  if (!address) return address.error();
  const auto waited = wait_in_three_ways(setting, *address);
  if (!waited) return waited.error();
  return told(*waited);
}

/// Whether the waits overlapped, and with whom.
std::string overlap_text(const Waited& waited) {
  const std::string answer = waiting_answer(waited);
  const std::string threads = short_time(waited.threads);
  const std::string loop = short_time(waited.loop);
  if (answer == "both") {
    return fmt::format(
        "A wait needs no CPU, so waits overlap: with {} threads that block, one for each wait, or with one thread that "
        "waits for all of them in one place. Only who does the next when the last has come back pays for each of them.",
        waited.calls);
  }
  if (answer == "threads") {
    return fmt::format(
        "Waits overlapped here only with {} threads that block, which took {}; the event loop took {}, though a wait "
        "needs no CPU on it either.",
        waited.calls, threads, loop);
  }
  if (answer == "loop") {
    return fmt::format(
        "Waits overlapped here only on the event loop, which took {}; the {} threads took {}, though a wait needs no "
        "CPU on them either.",
        loop, waited.calls, threads);
  }
  return fmt::format(
      "A wait needs no CPU, yet here they hardly overlapped: the {} threads took {}, the event loop {}. Something else "
      "than the waits held them up, a busy machine or the backend itself.",
      waited.calls, threads, loop);
}

}  // namespace

std::string waiting_answer(const Waited& waited) {
  const auto overlaps = [&](nanoseconds took) { return took < waited.all_in_turn() / 4; };
  if (overlaps(waited.threads)) return overlaps(waited.loop) ? "both" : "threads";
  return overlaps(waited.loop) ? "loop" : "none";
}

std::string waiting_conclusion(const Waited& waited) {
  return fmt::format(
      "{} A request that waits for the slowest of {} calls takes longer than any of them on average: {} where each "
      "call "
      "takes {}.",
      overlap_text(waited), calls_of_a_fan_out, short_time(waited.fan_out), short_time(waited.wait));
}

const Lesson waiting_lesson{
    .name = "waiting",
    .idea = "waiting needs no CPU, so waits overlap",
    .takes = std::chrono::seconds(9),
    .introduction =
        "Most services spend their time waiting for others: for a database, or for another service. Here a backend "
        "answers each request after 50 ms, and 100 requests are to be made over real sockets: by one thread, one after "
        "the other; by 100 threads, each of which blocks; and by one thread with an event loop.",
    .question = "How long does each of the three take for all 100?",
    .answers = waiting_answers,
    .how_it_lies =
        "sleep() in place of a socket shows neither the cost of a connection nor the loop's system calls; and with "
        "waits that are all equal, nobody sees that a request which needs ten answers waits for the slowest.",
    .try_next = "waitlab-client lesson threads-and-processes: what a thread costs.",
    .experiment = "threads-vs-waiting",
    .run = run_waiting,
};

}  // namespace waitlab::client
