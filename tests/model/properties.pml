/* What holds of barrier.pml. */

#define loads(c) (life[c] == running)
#define is_there(c) (life[c] != ended)
#define got_in_late(c) (came_late[c] && (life[c] == ready || life[c] == running || life[c] == done))
#define works(c) (loads(c) || (life[c] == ready && link[c] == up))
#define share_a_place(a, b) (works(a) && works(b) && shard[a] == shard[b])
#define share_a_name(a, b) (place[a] != absent && place[b] != absent && who[a] == who[b])
#define counts_at_most_once(at) (outcomes[at] <= 1)
#define counts_once(at) (outcomes[at] == 1)

#if LIVES == 3
#define some_life(p) (p(0) || p(1) || p(2))
#define some_lives(p) (p(0, 1) || p(0, 2) || p(1, 2))
#elif LIVES == 4
#define some_life(p) (p(0) || p(1) || p(2) || p(3))
#define some_lives(p) (p(0, 1) || p(0, 2) || p(0, 3) || p(1, 2) || p(1, 3) || p(2, 3))
#endif
#if PLACES == 2
#define every_place(p) (p(0) && p(1))
#define some_places(p) p(0, 1)
#elif PLACES == 3
#define every_place(p) (p(0) && p(1) && p(2))
#define some_places(p) (p(0, 1) || p(0, 2) || p(1, 2))
#endif

bool no_run_starts_with_fewer = true, late_comers_are_refused = true, no_outcome_counts_twice = true,
     no_worker_has_two_places = true, no_place_has_two_workers = true, the_lost_make_it_invalid = true,
     the_late_make_it_invalid = true, the_cut_short_make_it_invalid = true, valid_means_every_outcome = true,
     nothing_else_makes_it_invalid = true;

#define always(property, condition) atomic { !(condition) -> property = false; assert(property) }

/* Sees every moment. */
active proctype judge() {
end:
  if
  :: always(no_run_starts_with_fewer, (!started && !some_life(loads)) || (started && ready_at_start == PLACES))
  :: always(late_comers_are_refused, !some_life(got_in_late))
  :: always(no_outcome_counts_twice, every_place(counts_at_most_once))
  :: always(no_worker_has_two_places, !some_places(share_a_name))
  :: always(no_place_has_two_workers, !some_lives(share_a_place))
  :: always(the_lost_make_it_invalid, phase != over || mishap != loss || !valid)
  :: always(the_late_make_it_invalid, phase != over || mishap != late || !valid)
  :: always(the_cut_short_make_it_invalid, phase != over || mishap != cut_short || !valid)
  :: always(valid_means_every_outcome, phase != over || !valid || every_place(counts_once))
  :: always(nothing_else_makes_it_invalid, phase != over || mishap != nothing || valid)
  fi
}

ltl everyone_ends { [] (calm -> <> (phase == away && !some_life(is_there))) }
