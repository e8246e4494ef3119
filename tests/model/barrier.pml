/* The barrier of a run from many machines, as a protocol: workers register, a collector has them start together, and
 * any of them, its link, or the collector itself may be lost at any moment. check.py searches all that can happen.
 *
 * How it corresponds to class Muster (client/fleet/muster.hpp)
 *   place[i]    Place::state: absent, present (its worker has registered), ready, running, done, lost
 *   phase       phase(): gathering, running, over; away is a collector that has sent all home, or was killed
 *   hear_register, hear_ready, begin, hear_outcome, hear_loss, gather_again
 *               join, ready, start, done, lose, gather_again
 *   order_if_all_are_present, begin_if_all_are_ready, end_if_settled
 *               what is done once all_present, once all_ready; end_if_all_have
 * and to what drives it (client/fleet/crew.hpp, client/fleet/fleet.cpp)
 *   holder[i]   the worker at the other end of Member::link; ordered[i]: Member::ordered
 *   valid       whether the result would be valid so far
 * A life is one run of waitlab-client worker, with one connection. What an engine restarts is a new life, under the
 * same name or another. Lives come at any time, under any name and any number of times, at most LIVES of them at once.
 *   life[c]     ended (or not begun), registering (until it reads its order), ready (it has said so), running (it has
 *               read start), done (it has sent its outcome)
 *   link[c]     none, up, cut (nothing passes any more), closed (by the collector)
 * Whoever is killed, too slow or silent is like one whose link is cut: sooner or later the other side notices. What is
 * on its way when a link is cut is lost; it may as well have been read before. Whoever is cut off before the collector
 * has read that it registers has never come.
 *
 * A worker is worse here than it is: if it reads stop when it has given its outcome, it gives it again.
 *
 * Left out
 *   challenge, token, version  whoever fails there is refused before Muster hears of it, as if it had never come
 *   ping, pong                 silence is a link that is cut; to learn the clocks only puts off the order
 *   progress, slices, rows     nothing hangs on them
 *   welcome, refusal, bye      the first tells a worker nothing that its order does not; the others close the link
 *   started                    only a worker that is late for T0 says so here, by late
 *   cannot_run                 to all others it is Ctrl-C, or from the start on the loss of that worker
 *   other faults of a part     make the whole INVALID as a part that ends early does, but stop no one
 *   --abort-on-fail            stops all as Ctrl-C does; whether a threshold is missed is no matter of the barrier
 *   tries to connect           a worker that finds no collector within --wait has never come
 *
 * Time has no length: whatever takes a while may be overtaken by all else, and a deadline strikes at any moment. From
 * some moment on it is calm: nothing breaks, nobody comes and no further run begins. Each step then leads nearer to the
 * end, whoever takes it, so that everyone_ends assumes no fairness but that it is calm some day.
 */

#ifndef PLACES
#define PLACES 2
#endif
#ifndef LIVES
#define LIVES 3
#endif

/* Mutations: faults that the model can be built with, by -DMUTATION=NAME, and the property that finds each. */
#define NONE 0
#define START_EARLY 1       /* no_run_starts_with_fewer: at the deadline whoever is ready starts */
#define STALE_READY 2       /* no_run_starts_with_fewer: whoever follows one who was ready passes for ready */
#define GATHER_ON 3         /* no_run_starts_with_fewer: after the deadline the next run begins with who is ready */
#define NO_REFUSAL 4        /* late_comers_are_refused: the place of one who is lost in the run is free */
#define COUNT_TWICE 5       /* no_outcome_counts_twice: an outcome counts, whatever its place has given before */
#define COUNT_ON 6          /* no_outcome_counts_twice: the next run of --repeat counts on where the last one ended */
#define SAME_NAME_TWICE 7   /* no_worker_has_two_places: names are not compared */
#define TAKE_OVER 8         /* no_place_has_two_workers: whoever registers gets the place of its name, lost or not */
#define FORGIVE_LOSS 9      /* the_lost_make_it_invalid: the run goes on with those who are left */
#define TAKE_BACK 10        /* the_lost_make_it_invalid: whoever was lost in the run comes back to its place */
#define FORGIVE_LATE 11     /* the_late_make_it_invalid: whoever is late for T0 starts then */
#define FORGIVE_EARLY 12    /* the_cut_short_make_it_invalid: a part that ends early is a part */
#define STOP_AT_ONCE 13     /* valid_means_every_outcome: Ctrl-C ends the run with what there is */
#define EMPTY_RESULT 14     /* valid_means_every_outcome: in a run that was not begun, nothing went wrong */
#define BLAME_STRANGERS 15  /* nothing_else_makes_it_invalid: a newcomer in the run counts as a fault of the run */
#define BLAME_EARLY_LOSS 16 /* nothing_else_makes_it_invalid: a loss before the start counts, though replaced */
#define NO_SILENCE_LIMIT 17 /* everyone_ends: the collector waits for whoever is silent */
#define TRUSTING_WORKER 18  /* everyone_ends: a worker waits for a silent collector */
#define NO_DEADLINE 19      /* everyone_ends: --gather is never over */
#define AWAIT_THE_LOST 20   /* everyone_ends: the run is over when every place has given its outcome */
#ifndef MUTATION
#define MUTATION NONE
#endif
#define mutated(fault) (MUTATION == fault)

mtype = { absent, present, ready, running, done, lost };      /* places */
mtype = { gathering, over, away };                            /* phases; and running */
mtype = { ended, registering };                               /* lives; and ready, running, done */
mtype = { none, up, cut, closed };                            /* links */
mtype = { register, late, outcome, early };                   /* what workers say; and ready */
mtype = { order, start, stop };                               /* what the collector says */
mtype = { nothing, no_start, loss, cut_short, interruption }; /* mishaps; and late */

/* The collector. */
mtype phase = gathering;
mtype place[PLACES] = absent;
byte holder[PLACES] = LIVES; /* LIVES: nobody */
byte who[PLACES];            /* by name */
bool ordered[PLACES];
bool open[LIVES];            /* its end of the link */
bool valid = true;

/* The workers, and what is between. */
mtype life[LIVES] = ended;
byte shard[LIVES]; /* the place that its order names */
mtype link[LIVES] = none;
chan to_worker[LIVES] = [4] of { mtype, byte };
chan to_collector[LIVES] = [4] of { mtype };
bool calm;

/* What really happened, for the properties alone. */
bool started;
mtype mishap = nothing; /* the first of the run: what follows makes nothing valid again */
byte ready_at_start;
byte outcomes[PLACES];
bool came_late[LIVES];

hidden byte i, at, where; /* within a step */

/* Lives differ by their numbers only, so of those that are alike it is always the first one's turn. */
#define free(c) (life[c] == ended && link[c] == none)
#define at_the_door(c) (to_collector[c]?[register])
#define lower(c, p) ((c > 0 && p(0)) || (c > 1 && p(1)) || (c > 2 && p(2)))

/* ---- Links ---- */

inline tell(c, message, what) {
  if
  :: link[c] == up -> assert(nfull(to_worker[c])); to_worker[c]!message(what)
  :: else
  fi
}

inline say(c, message) {
  if
  :: link[c] == up -> assert(nfull(to_collector[c])); to_collector[c]!message
  :: else
  fi
}

/* Both ends give up what was on its way. A link that is closed at both ends is no more. */
inline break_link(c, how) {
  do
  :: nempty(to_worker[c]) -> to_worker[c]?_,_
  :: empty(to_worker[c]) -> break
  od;
  do
  :: nempty(to_collector[c]) -> to_collector[c]?_
  :: empty(to_collector[c]) -> break
  od;
  link[c] = (life[c] == ended && !open[c] -> none : (link[c] == up -> how : link[c]))
}

inline end_life(c) {
  life[c] = ended;
  shard[c] = 0;
  came_late[c] = false;
  break_link(c, closed)
}

/* A worker without a link that runs no load can only end. When it does matters to no one, so it does at once. */
inline leave_alone(c) {
  if
  :: life[c] == ended || life[c] == running || (link[c] == cut && mutated(TRUSTING_WORKER))
  :: else -> end_life(c)
  fi
}

inline close(c) {
  open[c] = false;
  break_link(c, closed);
  leave_alone(c)
}

#include "collector.pml"

/* ---- The workers ---- */

proctype worker(byte c) {
end:
  do
  :: d_step {
       free(c) && !lower(c, free) && phase != away && !calm ->
       printf("worker %d comes\n", c);
       life[c] = registering;
       came_late[c] = started;
       link[c] = up;
       open[c] = true;
       to_collector[c]!register
     }
  :: d_step { to_worker[c]?order(shard[c]) -> printf("worker %d is ready\n", c); life[c] = ready; say(c, ready) }
  :: d_step { to_worker[c]?start(_) -> printf("worker %d starts\n", c); life[c] = running }
  :: d_step {
       mishap == nothing && to_worker[c]?[start(0)] ->
       to_worker[c]?start(_);
       printf("worker %d is late for T0\n", c);
       happens(late);
       if
       :: mutated(FORGIVE_LATE) -> life[c] = running
       :: else -> say(c, late)
       fi
     }
  :: d_step { life[c] == running && link[c] == up -> printf("worker %d ends\n", c); life[c] = done; say(c, outcome) }
  :: d_step {
       mishap == nothing && life[c] == running && link[c] == up ->
       printf("worker %d ends early\n", c);
       happens(cut_short);
       life[c] = done;
       say(c, early)
     }
  :: d_step {
       to_worker[c]?stop(_) ->
       if
       :: life[c] == running || life[c] == done -> printf("worker %d stops\n", c); life[c] = done; say(c, outcome)
       :: else
       fi
     }
  :: d_step {
       life[c] == running && (link[c] == closed || (link[c] == cut && !mutated(TRUSTING_WORKER))) ->
       printf("worker %d ends alone\n", c);
       end_life(c)
     }
  od
}

/* ---- What breaks, or is broken off ---- */

proctype fate(byte c) {
end:
  do
  :: d_step {
       !calm && link[c] == up && !at_the_door(c) ->
       printf("worker %d is cut off\n", c);
       find_place(c);
       if
       :: at < PLACES && place[at] == running -> happens(loss)
       :: else
       fi;
       break_link(c, cut);
       leave_alone(c)
     }
  od
}

active proctype fate_of_the_collector() {
end:
  do
  :: d_step {
       !calm && phase == running && mishap == nothing ->
       printf("Ctrl-C\n");
       happens(interruption);
       if
       :: mutated(STOP_AT_ONCE) -> end_run()
       :: else -> spoil()
       fi
     }
  :: d_step { !calm && phase != away -> leave() } /* it is killed, or Ctrl-C when nothing runs */
  :: d_step { !calm -> printf("from here on it is calm\n"); calm = true }
  od
}

init {
  atomic {
    for (i : 0 .. LIVES - 1) {
      run session(i);
      run worker(i);
      run fate(i)
    }
  }
}

#include "properties.pml"
