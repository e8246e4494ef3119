/* The collector of barrier.pml: what Muster decides, and what is done about it. */

/* Sets `at` to the place that c has, or to PLACES. */
inline find_place(c) {
  at = 0;
  do
  :: at < PLACES && holder[at] != c -> at++
  :: else -> break
  od
}

/* Sets `at` to the first place that is not so, or to PLACES. */
inline find_no(state, or_state) {
  at = 0;
  do
  :: at < PLACES && (place[at] == state || place[at] == or_state) -> at++
  :: else -> break
  od
}

inline free_place(where) {
  place[where] = absent;
  holder[where] = LIVES;
  who[where] = 0
}

inline happens(what) {
  mishap = (mishap == nothing -> what : mishap)
}

/* The result is INVALID, for good, so that why no longer matters; and the workers are told to stop. */
inline spoil() {
  if
  :: valid ->
    valid = false;
    mishap = (mishap == nothing -> nothing : interruption);
    for (i : 0 .. PLACES - 1) {
      if
      :: place[i] == running -> tell(holder[i], stop, 0)
      :: else
      fi
    }
  :: else
  fi
}

/* The collector leaves, and forgets everything. */
inline leave() {
  printf("the collector ends\n");
  phase = away;
  for (i : 0 .. LIVES - 1) {
    if
    :: open[i] -> close(i)
    :: else
    fi
  }
  for (i : 0 .. PLACES - 1) {
    free_place(i);
    ordered[i] = false;
    outcomes[i] = 0
  }
  valid = true;
  mishap = nothing
}

inline end_run() {
  phase = over;
  printf("the run is over; valid: %d\n", valid)
}

inline end_if_settled() {
  find_no(done, (mutated(AWAIT_THE_LOST) || mutated(TAKE_BACK) -> done : lost));
  if
  :: at == PLACES -> end_run()
  :: else
  fi
}

/* Whoever is ready: all, but for a mutation. */
inline begin() {
  printf("the run starts\n");
  phase = running;
  started = true;
  for (at : 0 .. PLACES - 1) {
    if
    :: place[at] == ready ->
      place[at] = running;
      if
      :: link[holder[at]] != up -> ready_at_start++; happens(loss)
      :: else ->
        ready_at_start = ready_at_start + (life[holder[at]] == ready && len(to_worker[holder[at]]) == 0 -> 1 : 0);
        tell(holder[at], start, 0)
      fi
    :: else
    fi
  }
}

inline begin_if_all_are_ready() {
  find_no(ready, ready);
  if
  :: at == PLACES -> begin()
  :: else
  fi
}

inline order_if_all_are_present() {
  find_no(present, ready);
  if
  :: at == PLACES ->
    for (at : 0 .. PLACES - 1) {
      if
      :: !ordered[at] -> ordered[at] = true; tell(holder[at], order, at)
      :: else
      fi
    }
  :: else
  fi
}

inline seat(c) {
  printf("worker %d gets place %d\n", c, where);
  holder[where] = c;
  place[where] = (mutated(STALE_READY) && ordered[where] -> ready : present);
  ordered[where] = false;
  if
  :: phase == running -> place[where] = running; tell(c, order, where); tell(c, start, 0) /* only by a mutation */
  :: else -> order_if_all_are_present()
  fi
}

/* The name that c gives is that of place `known`; if that is PLACES, nobody has it. Names mean nothing else. */
inline hear_register(c, known) {
  where = 0;
  do
  :: where < PLACES && place[where] != absent -> where++
  :: else -> break
  od;
  if
  :: (phase != gathering && !(mutated(NO_REFUSAL) && phase == running)) ||
     (known < PLACES && !mutated(SAME_NAME_TWICE)) -> where = PLACES
  :: else
  fi;
  if
  :: (mutated(TAKE_OVER) && phase == gathering && known < PLACES) ||
     (mutated(TAKE_BACK) && phase == running && known < PLACES && place[known] == lost) -> where = known
  :: else
  fi;
  if
  :: where < PLACES -> who[where] = (known < PLACES -> known : where); seat(c)
  :: else ->
    printf("worker %d is refused\n", c);
    if
    :: mutated(BLAME_STRANGERS) && phase == running -> spoil()
    :: else
    fi;
    close(c)
  fi
}

inline hear_ready(c) {
  find_place(c);
  if
  :: at < PLACES && phase == gathering && ordered[at] -> place[at] = ready; begin_if_all_are_ready()
  :: else
  fi
}

inline hear_outcome(c, fault) {
  find_place(c);
  if
  :: at < PLACES && (place[at] == running || (mutated(COUNT_TWICE) && place[at] == done)) ->
    place[at] = done;
    outcomes[at]++;
    if
    :: fault && !mutated(FORGIVE_EARLY) -> spoil()
    :: else
    fi;
    end_if_settled()
  :: else
  fi
}

inline hear_loss(c) {
  printf("the collector loses worker %d\n", c);
  close(c);
  find_place(c);
  if
  :: at < PLACES && phase == gathering ->
    ordered[at] = mutated(STALE_READY) && place[at] == ready;
    free_place(at);
    valid = !mutated(BLAME_EARLY_LOSS)
  :: at < PLACES && phase == running && place[at] == running ->
    holder[at] = LIVES;
    place[at] = (mutated(NO_REFUSAL) -> absent : lost);
    if
    :: mutated(FORGIVE_LOSS) || mutated(TAKE_BACK)
    :: else -> spoil()
    fi;
    end_if_settled()
  :: at < PLACES && (phase == over || place[at] == done) -> holder[at] = LIVES
  :: else
  fi
}

/* The collector's end of a link. */
proctype session(byte c) {
  byte named;
end:
  do
  :: atomic {
       to_collector[c]?[register] && !lower(c, at_the_door) -> select(named : 0 .. PLACES);
       named = (named < PLACES && place[named] == absent -> PLACES : named);
       d_step { to_collector[c]?register -> hear_register(c, named); named = 0 }
     }
  :: d_step { to_collector[c]?ready -> hear_ready(c) }
  :: d_step { to_collector[c]?outcome -> hear_outcome(c, false) }
  :: d_step { to_collector[c]?early -> hear_outcome(c, true) }
  :: d_step {
       to_collector[c]?[late] || (open[c] && link[c] == cut && !mutated(NO_SILENCE_LIMIT)) -> hear_loss(c)
     }
  od
}

/* The next run of --repeat: with those who are still there, and others for the rest. */
inline gather_again() {
  printf("the next run is gathered\n");
  phase = gathering;
  for (i : 0 .. PLACES - 1) {
    ordered[i] = false;
    outcomes[i] = (mutated(COUNT_ON) -> outcomes[i] : 0);
    if
    :: place[i] == done && holder[i] < LIVES -> place[i] = present
    :: place[i] == present || place[i] == ready /* only by a mutation */
    :: else -> free_place(i)
    fi
  }
  for (i : 0 .. LIVES - 1) {
    came_late[i] = false
  }
  started = false;
  ready_at_start = 0;
  order_if_all_are_present()
}

active proctype collector() {
end:
  do
  :: d_step {
       phase == gathering && !mutated(NO_DEADLINE) ->
       printf("--gather is over\n");
       if
       :: mutated(START_EARLY) -> begin(); end_if_settled()
       :: mutated(GATHER_ON) && mishap == nothing -> happens(no_start); gather_again()
       :: else -> happens(no_start); valid = mutated(EMPTY_RESULT); end_run()
       fi
     }
  :: d_step { phase == over && valid && !calm -> gather_again() }
  :: d_step { phase == over -> leave() }
  od
}
