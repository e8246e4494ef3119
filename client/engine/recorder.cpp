#include "client/engine/recorder.hpp"

#include <algorithm>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t rows_at_once = 4096;

}  // namespace

Recorder::Recorder(RecorderPlan plan) : plan_(std::move(plan)) {
  if (plan_.rate) expected_before_ = plan_.rate->expected(since_start(plan_.timeline.measure_from));
}

void Recorder::begin(const Ticket& ticket, bool waited) {
  LoadRecord& record = plan_.records[ticket.step];
  record.begin();
  if (waited && plan_.rate) ++record.waited_for_connection;
}

void Recorder::send(const Ticket& ticket, Clock::time_point now) {
  if (!plan_.rate) return;
  plan_.records[ticket.step].schedule_lag.record(now - ticket.intended);
  plan_.tally->sent(plan_.rate->expected(since_start(now)) - expected_before_);
}

void Recorder::complete(const Attempt& attempt, const ResponseSeen& response, std::uint64_t body_bytes,
                        Clock::time_point now) {
  const RequestTimes taken = times(attempt, now);
  record_of(attempt).complete(taken, response);
  Slice& open = slice(attempt.ticket.step, now);
  open.response_time.record(taken.ended - taken.intended);
  open.service_time.record(taken.ended - taken.sent);
  note_end(attempt, now, response.unwanted.has_value());
  if (TargetTally* target = target_of(attempt)) {
    ++target->completed;
    target->response_time.record(taken.ended - taken.intended);
  }
  if (!plan_.rows) return;
  RequestRow& row = add_row(attempt, RequestRow::Outcome::completed, response.unwanted, now);
  row.status = static_cast<std::uint16_t>(response.status);
  row.body_bytes = body_bytes;
  row.timing = response.timing;
}

void Recorder::fail(const Attempt& attempt, ErrorKind kind, std::string_view message, Clock::time_point now) {
  record_of(attempt).fail(kind, message);
  note_end(attempt, now, true);
  if (plan_.rows) add_row(attempt, RequestRow::Outcome::failed, kind, now);
}

void Recorder::time_out(const Attempt& attempt, ErrorKind kind, Clock::time_point now) {
  const RequestTimes taken = times(attempt, now);
  record_of(attempt).time_out(kind, taken, plan_.timeout);
  slice(attempt.ticket.step, now).service_time.record_at_least(taken.intended + plan_.timeout - taken.sent);
  note_time_out(attempt, kind, now);
}

void Recorder::expire_unsent(const Attempt& attempt, bool waited, Clock::time_point now) {
  LoadRecord& record = record_of(attempt);
  record.time_out_unsent(plan_.timeout, waited ? "no connection became free within the time-out"
                                               : "the client itself stood still for longer than the time-out");
  record.schedule_lag.record(plan_.timeout);
  note_time_out(attempt, ErrorKind::timeout, now);
}

void Recorder::leave_unfinished(const Attempt& attempt, Clock::time_point now) {
  record_of(attempt).leave_unfinished(now - attempt.ticket.intended);
  if (TargetTally* target = target_of(attempt)) ++target->response_time.unfinished;
  if (plan_.rows) add_row(attempt, RequestRow::Outcome::unfinished, {}, {});
}

void Recorder::count_response(const ResponseSeen& response, Clock::time_point now) {
  const Timeline& timeline = plan_.timeline;
  if (now < timeline.measure_from || now >= timeline.measure_until) return;
  while (step_now_ + 1 < timeline.step_begins.size() && now >= timeline.step_begins[step_now_ + 1])
    ++step_now_;
  LoadRecord& record = plan_.records[step_now_];
  ++record.completed_in_window;
  if (response.unwanted) ++record.unwanted_in_window;
  const bool late = step_now_ < timeline.second_halves.size() && timeline.second_halves[step_now_].holds(now);
  if (late) ++record.second_half.completed;
}

void Recorder::close() {
  post_slices();
  if (open_rows_) rows_.post(std::move(open_rows_));
}

RequestTimes Recorder::times(const Attempt& attempt, Clock::time_point ended) const {
  return {.intended = since_start(attempt.ticket.intended),
          .sent = since_start(attempt.sent.value_or(ended)),
          .ended = since_start(ended) + attempt.charged,
          .connect = attempt.connect};
}

Slice& Recorder::slice(std::size_t step, Clock::time_point now) {
  const nanoseconds measured = std::max(now - plan_.timeline.measure_from, nanoseconds(0));
  const auto index = static_cast<std::uint64_t>(measured / slice_width);
  if (index != slice_index_) post_slices();
  slice_index_ = index;
  const auto found =
      std::find_if(open_slices_.begin(), open_slices_.end(), [step](const auto& open) { return open->step == step; });
  if (found != open_slices_.end()) return **found;
  auto& fresh = *open_slices_.emplace_back(slices_.fresh());
  fresh.step = step;
  fresh.index = index;
  return fresh;
}

void Recorder::post_slices() {
  for (auto& open : open_slices_)
    slices_.post(std::move(open));
  open_slices_.clear();
}

void Recorder::note_end(const Attempt& attempt, Clock::time_point now, bool error) {
  last_end_ = now;
  Slice& open = slice(attempt.ticket.step, now);
  ++open.ended;
  if (!error) return;
  ++open.errors;
  if (TargetTally* target = target_of(attempt)) ++target->errors;
}

void Recorder::note_time_out(const Attempt& attempt, ErrorKind kind, Clock::time_point now) {
  slice(attempt.ticket.step, now).response_time.record_at_least(plan_.timeout);
  if (TargetTally* target = target_of(attempt)) target->response_time.record_at_least(plan_.timeout);
  note_end(attempt, now, true);
  if (plan_.rows) add_row(attempt, RequestRow::Outcome::timed_out, kind, now);
}

RequestRow& Recorder::add_row(const Attempt& attempt, RequestRow::Outcome outcome, std::optional<ErrorKind> error,
                              std::optional<Clock::time_point> ended) {
  if (open_rows_ && open_rows_->size() == rows_at_once) rows_.post(std::move(open_rows_));
  if (!open_rows_) open_rows_ = rows_.fresh();
  RequestRow& row = open_rows_->emplace_back();
  row.n = attempt.ticket.n;
  row.step = static_cast<std::uint32_t>(attempt.ticket.step);
  row.target = static_cast<std::uint32_t>(attempt.target);
  row.outcome = outcome;
  row.error = error;
  row.intended = since_start(attempt.ticket.intended);
  row.connect = attempt.connect;
  if (attempt.sent) row.sent = since_start(*attempt.sent);
  if (ended) row.ended = since_start(*ended) + attempt.charged;
  return row;
}

}  // namespace waitlab::client
