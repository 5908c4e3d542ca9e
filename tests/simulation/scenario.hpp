#pragma once
// What a seed stands for: a pipeline with random options, and what will go wrong in it.

#include <cstdint>
#include <vector>

#include "veltrix/dispatch/machine.hpp"

#include "simulation/conditions.hpp"
#include "simulation/dice.hpp"

namespace veltrix::simulation {

/// How the handler of one queue behaves.
struct HandlerTraits {
  std::int64_t fastest = 10 * kMicrosecond;
  std::int64_t slowest = kMillisecond;
  double retries = 0, deads = 0, drops = 0;  // chances of an attempt
  double emits = 0;                          // chance of follow-ups
  double stalls = 0;                         // chance of taking a hundred times as long
  double leaves_early = 0;                   // chance of giving the rest of a batch back
  bool whole = false;                        // runs the batch as one: it fails as one, too
  std::vector<std::uint16_t> targets;        // of follow-ups
};

struct PoolTraits {
  std::uint32_t slots = 1;
  std::uint32_t spares = 0;  // for executors whose handler stalls
  std::size_t max_batch = 64;
};

struct StageTraits {
  bool immediate = true;
  std::int64_t slowest = 0;  // until a commit is decided
  double refuses = 0;        // chance that a commit fails
};

struct DoorTraits {
  std::uint64_t events = 300;
  std::int64_t pause = 100 * kMicrosecond;  // between bursts, at most
  std::uint64_t burst = 8;
  double given = 0.5, duplicates = 0.1, unmatched = 0.02, delayed = 0.1, keyed = 0.7, large = 0.05;
  double receipts = 0.5;  // somebody keeps a reference
  double conflicts = 0;   // of repeated ids: with another content
  double again = 0;       // follow-ups whose id has been used before
  std::uint64_t ids = 0;  // > 0: so few ids are given, over and over
  std::uint64_t keys = 8;
  std::uint64_t fan_out = 3;
  std::uint64_t priorities = 10;
  bool heap = false;  // slots of their own, so that a sanitizer sees every stale access
  // What the queues' policies look at.
  double timed = 0.8;             // events with a time
  std::int64_t epoch = 0;         // of these times, ns since 1970
  std::int64_t disorder = 0;      // they lie so far back at most
  std::int64_t grain = 1;         // … in whole multiples of it, so that some are equal
  double expiring = 0;            // events that say when they expire
  std::uint64_t repeats = 1'000;  // values that tell a queue its repetitions
};

/// What people do while it runs: chances of a step.
struct HandTraits {
  double cancels = 0;
  double redrives = 0;
};

struct Scenario {
  explicit Scenario(std::uint64_t from);

  std::uint64_t seed;
  MachineOptions machine;
  std::vector<Dispatcher::QueuePlan> queues;
  std::vector<HandlerTraits> handlers;  // one a queue
  std::vector<Condition> conditions;    // one a queue, or none: events go where they are sent
  std::vector<PoolTraits> pools;
  StageTraits stage;
  DoorTraits door;
  HandTraits hands;
  double time_jumps = 0;  // chance per step

 private:
  void draw_machine(Dice& dice);
  void draw_queue(Dice& dice, bool many_faults);
  void draw_handler(Dice& dice, bool many_faults);
  void draw_door(Dice& dice);
  void draw_ids(Dice& dice);
  void draw_batches(Dice& dice);
  void draw_conditions(Dice& dice);

  // scenario_policies.cpp
  void draw_policies(Dice& dice);
  void draw_room(Dice& dice, QueueOptions& options);
  void draw_order(Dice& dice, QueueOptions& options, HandlerTraits& handler);
  void draw_failure(Dice& dice, QueueOptions& options, HandlerTraits& handler);
  void draw_facts(Dice& dice);
};

}  // namespace veltrix::simulation
