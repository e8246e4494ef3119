#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/lesson_play.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/terminal.hpp"
#include "client/explorer/exploration.hpp"
#include "client/explorer/schedule_text.hpp"
#include "client/lessons/lesson_text.hpp"
#include "client/record/utc_now.hpp"
#include "common/process/standard_streams.hpp"
#include "common/text/words.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace waitlab::client {
namespace {

/// What the command line of `lesson` asks for.
struct LessonArguments {
  std::string name;
  bool all = false;
  std::string prediction;
  bool reveal = false;
  bool you = false;
  bool explore = false;
  std::optional<std::string> schedule;  ///< to be shown
  std::uint64_t seed = 1;
  bool quick = false;
  std::optional<std::string> json_file;  ///< "-" for stdout
  std::filesystem::path programs;        ///< where the others lie
};

constexpr const char* lesson_footer =
    R"(Without NAME it lists the lessons. A lesson tells an idea, asks for a prediction,
does the real thing on this machine, and shows what is possible, what is likely,
and what was measured here. With --you it runs nothing: you are the scheduler of
the lesson's small program; --explore is all schedulers there are.

Examples:
  waitlab-client lesson race
  waitlab-client lesson deadlock --predict sometimes
  waitlab-client lesson race --you
  waitlab-client lesson --all --reveal --json class.json

Exit codes: 0 good, whatever was predicted; 1 something could not run; 2 wrong
usage.)";

Result<std::variant<LessonArguments, HelpText>> parse_lesson_arguments(int argc, const char* const* argv) {
  LessonArguments arguments;
  arguments.programs = program_folder();
  CLI::App app("Shows an idea about threads at work on this machine.", "waitlab-client lesson");
  app.footer(lesson_footer);
  auto* const name = app.add_option("name", arguments.name, "The lesson; none: list them")->type_name("NAME");
  app.add_flag("--all", arguments.all, "All of them, one after the other")->excludes(name);
  auto* const predict =
      app.add_option("--predict", arguments.prediction, "The answer you expect; asked for on a terminal");
  predict->type_name("ANSWER")->needs(name);
  app.add_flag("--reveal", arguments.reveal, "Ask for no prediction")->excludes(predict);
  auto* const seed = app.add_option("--seed", arguments.seed, "Of all that is drawn");
  seed->type_name("N")->capture_default_str();
  app.add_flag("--quick", arguments.quick, "In half the time, and less sure");
  app.add_option("--json", arguments.json_file, "Write what was found as JSON; - for stdout")->type_name("FILE");
  auto* const you = app.add_flag("--you", arguments.you, "Choose yourself which thread goes on, step by step");
  auto* const schedule = app.add_option("--replay", arguments.schedule, "Show the run with this schedule");
  schedule->type_name("SCHEDULE")->excludes(you);
  auto* const explore = app.add_flag("--explore", arguments.explore, "Tell what becomes of it under every schedule");
  you->excludes(schedule, explore, seed);
  schedule->excludes(explore, seed);
  for (CLI::Option* const option : {you, schedule, explore}) {
    option->needs(name);
    for (const char* const other : {"--predict", "--reveal", "--quick", "--json"})
      option->excludes(app.get_option(other));
  }
  app.add_option("--bin", arguments.programs, "Folder of the programs (default: this one's)")->type_name("DIR");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  return arguments;
}

/// Says what is done now, for as long as it lives: in a line redrawn in place where the terminal can, else line by
/// line.
class StepLine {
 public:
  StepLine() = default;
  StepLine(const StepLine&) = delete;
  StepLine& operator=(const StepLine&) = delete;
  ~StepLine() {
    if (redraws_) say(erase_line);
  }

  void show(const std::string& step) {
    if (step == shown_) return;
    shown_ = step;
    say(for_locale(redraws_ ? fmt::format("{}… {}", erase_line, step) : fmt::format("… {}\n", step)));
  }

 private:
  const bool redraws_ = stderr_can_redraw();
  std::string shown_;
};

std::vector<std::string> keys_of(const Lesson& lesson) {
  std::vector<std::string> keys;
  for (const LessonAnswer& answer : lesson.answers)
    keys.emplace_back(answer.key);
  return keys;
}

Result<void> check_prediction(const Lesson& lesson, const std::string& prediction) {
  const auto keys = keys_of(lesson);
  if (std::ranges::find(keys, prediction) != keys.end()) return {};
  const auto nearest = nearest_name(prediction, keys);
  return Failure{fmt::format("'{}' is none of the answers of {}{}; they are {}", prediction, lesson.name,
                             nearest ? fmt::format(", did you mean '{}'?", *nearest) : "", fmt::join(keys, ", "))};
}

/// Blocks until there is something to read; false where it is asked to stop first.
bool wait_for_typing(const std::stop_token& stop) {
  constexpr int look_again_ms = 100;
  pollfd typed{STDIN_FILENO, POLLIN, 0};
  while (!stop.stop_requested()) {
    if (::poll(&typed, 1, look_again_ms) > 0) return true;
  }
  return false;
}

/// Asks until the answer is one; nothing for an empty line, or once there is no more to read.
std::string ask_prediction(const Lesson& lesson, const std::stop_token& stop) {
  for (;;) {
    say(fmt::format("\nYour prediction ({}; Enter for none): ", fmt::join(keys_of(lesson), ", ")));
    std::string line;
    if (!wait_for_typing(stop) || !std::getline(std::cin, line)) return "";
    const std::string prediction(trimmed(line));
    if (prediction.empty()) return "";
    const auto checked = check_prediction(lesson, prediction);
    if (checked) return prediction;
    say(wrap(checked.error().message, terminal_columns));
  }
}

bool is_at_a_terminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

/// What the lesson throws is a Failure as well: those before it are not to be lost.
Result<LessonOutcome> run_lesson(const Lesson& lesson, const LessonSetting& setting) {
  try {
    return lesson.run(setting);
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

Result<LessonTaken> take_lesson(const LessonArguments& arguments, const Lesson& lesson, std::FILE* out,
                                LessonSetting& setting) {
  if (auto shown = print_text(out, lesson_question_text(lesson)); !shown) return shown.error();
  LessonTaken taken{.lesson = &lesson, .prediction = arguments.prediction, .outcome = {}};
  if (taken.prediction.empty() && !arguments.reveal && is_at_a_terminal())
    taken.prediction = ask_prediction(lesson, setting.stop);
  if (auto shown = print_text(out, "\n"); !shown) return shown.error();
  const auto begin = std::chrono::steady_clock::now();
  {
    StepLine line;
    setting.on_step = [&line](const std::string& step) { line.show(step); };
    auto outcome = run_lesson(lesson, setting);
    if (!outcome) return outcome.error();
    taken.outcome = std::move(*outcome);
  }
  taken.took = std::chrono::steady_clock::now() - begin;
  if (auto shown = print_text(out, lesson_outcome_text(taken)); !shown) return shown.error();
  return taken;
}

/// Goes on after one that could not be had; what went wrong then is told, and the code says so.
int take_lessons(const LessonArguments& arguments, const std::vector<const Lesson*>& lessons, JsonOutput& json,
                 LessonSetting& setting) {
  LessonsTaken taken{.started_at = utc_now(),
                     .seed = arguments.seed,
                     .quick = arguments.quick,
                     .machine = describe_machine(),
                     .lessons = {}};
  const Interrupt interrupt;
  setting.stop = interrupt.token();
  int code = exit_good;
  for (const Lesson* const lesson : lessons) {
    if (lesson != lessons.front()) say(fmt::format("\n{}\n\n", std::string(terminal_columns, '-')));
    auto one = take_lesson(arguments, *lesson, json.text_stream(), setting);
    taken.interrupted = setting.stop.stop_requested();
    if (one) taken.lessons.push_back(std::move(*one));
    if (!one) code = fail(exit_could_not_run, {fmt::format("lesson {}: {}", lesson->name, one.error().message)});
    if (taken.interrupted) break;
  }
  if (taken.interrupted) code = exit_could_not_run;
  if (auto written = json.write(to_json(taken)); !written) return fail(exit_could_not_run, written.error());
  return code;
}

Result<explorer::Program> program_of(const Lesson& lesson) {
  if (lesson.program != nullptr) return lesson.program();
  std::vector<std::string_view> names;
  for (const Lesson* const other : all_lessons()) {
    if (other->program != nullptr) names.push_back(other->name);
  }
  return Failure{
      fmt::format("lesson {} has no program to schedule; these have one: {}", lesson.name, fmt::join(names, ", "))};
}

/// What becomes of the program under every schedule, and under two schedulers that draw; and what that does not prove.
std::string explored_text(const explorer::Program& program, std::uint64_t seed) {
  constexpr std::uint64_t runs = 10'000;
  std::string text;
  for (const auto& exploration : {explorer::explore_all(program), explorer::sample_random(program, seed, runs),
                                  explorer::sample_pct(program, {}, seed, runs)})
    text += explorer::exploration_text(exploration) + "\n";
  return text + explorer::limits_text();
}

int schedule_program(const LessonArguments& arguments, const Lesson& lesson) {
  auto program = program_of(lesson);
  if (!program) return fail(exit_usage, program.error());
  if (arguments.explore) {
    const auto shown = print_text(stdout, explored_text(*program, arguments.seed));
    return shown ? exit_good : fail(exit_could_not_run, shown.error());
  }
  if (arguments.schedule) {
    const auto run = explorer::replay(*program, *arguments.schedule);
    if (!run) return fail(exit_usage, run.error());
    const auto shown = print_text(stdout, replayed_text(*run));
    return shown ? exit_good : fail(exit_could_not_run, shown.error());
  }
  const auto run = play(explorer::GuidedRun(std::move(*program)),
                        {.typed = std::cin,
                         .show = [](const std::string& text) { return print_text(stdout, text); },
                         .echoes = ::isatty(STDIN_FILENO) == 1});
  if (!run) return fail(exit_could_not_run, run.error());
  const auto shown = print_text(stdout, played_text(*run, lesson.name));
  return shown ? exit_good : fail(exit_could_not_run, shown.error());
}

int run(const LessonArguments& arguments) {
  if (arguments.name.empty() && !arguments.all) {
    fmt::print("{}\nTo take one: waitlab-client lesson NAME\n", lesson_list_text(all_lessons()));
    return exit_good;
  }
  std::vector<const Lesson*> lessons(all_lessons().begin(), all_lessons().end());
  if (!arguments.all) {
    const auto found = find_lesson(arguments.name);
    if (!found) return fail(exit_usage, found.error());
    lessons = {*found};
    if (arguments.you || arguments.explore || arguments.schedule) return schedule_program(arguments, **found);
    if (!arguments.prediction.empty()) {
      if (auto checked = check_prediction(**found, arguments.prediction); !checked)
        return fail(exit_usage, checked.error());
    }
  }
  const auto programs = find_programs(arguments.programs);
  if (!programs) return fail(exit_could_not_run, programs.error());
  CommandFiles files;
  auto json = JsonOutput::open(arguments.json_file, files);
  if (!json) return fail(exit_usage, json.error());
  if (auto free = files.use(json->text_stream(), "the text"); !free) return fail(exit_usage, free.error());
  LessonSetting setting{
      .seed = arguments.seed, .quick = arguments.quick, .programs = *programs, .stop = {}, .on_step = {}};
  return take_lessons(arguments, lessons, *json, setting);
}

}  // namespace

int lesson_command(int argc, char** argv) {
  return run_command_line<LessonArguments>(parse_lesson_arguments(argc, argv), run);
}

}  // namespace waitlab::client
