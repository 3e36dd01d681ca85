#include "sim/world.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace rocketlink::sim {

namespace {
constexpr SteadyTime kStart{std::chrono::seconds(1000)};  ///< as long as the machines are up
}

World::World(std::uint64_t seed, Options options)
    : seed_(seed),
      options_(std::move(options)),
      start_(kStart),
      trace_(start_),
      scheduler_(group_, start_, trace_, [this](const std::string& text) { report(text); }),
      network_(*this) {
  trace_.mix_in(seed_);
  trace_.set_sink(options_.trace);
  Scheduler::Limits limits;
  limits.events_per_second = options_.events_per_second;
  if (options_.longest.count() > 0) limits.end = start_ + options_.longest;
  scheduler_.set_limits(limits);
}

World::~World() {
  if (loops_ != 0) {
    report(fmt::format("{} event loops are left at the end of the world", loops_));
    std::abort();
  }
  scheduler_.clear(executor_);
}

std::map<std::string, std::uint64_t> World::mishaps() const {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t i = 0; i < kMishaps; ++i) {
    if (happened_[i] != 0) counts.emplace(name_of(static_cast<Mishap>(i)), happened_[i]);
  }
  return counts;
}

std::int64_t World::wall_clock_ms() const {
  return options_.wall_clock_ms + (now() - start_) / std::chrono::milliseconds(1);
}

Process& World::process(const std::string& name) {
  auto& incarnations = processes_[name];
  if (incarnations.empty() || !incarnations.back()->alive()) {
    incarnations.push_back(std::make_unique<Process>(*this, name, incarnations.size()));
  }
  return *incarnations.back();
}

Process* World::living(const std::string& name) {
  const auto found = processes_.find(name);
  return found == processes_.end() || !found->second.back()->alive() ? nullptr : found->second.back().get();
}

void World::run_for(std::chrono::nanoseconds time) {
  const SteadyTime end = now() + time;
  do {
    scheduler_.block({.what = "the time to pass"}, end);
  } while (now() < end);
}

void World::fail(const std::string& what) {
  scheduler_.fail(what);
}

void World::report(const std::string& text) {
  const std::string all = fmt::format("seed {}, {}", seed_, text);
  if (options_.on_failure) {
    options_.on_failure(all);
    return;
  }
  std::fputs(fmt::format("The newest events:\n{}{}\n", trace_.newest(), all).c_str(), stderr);
  std::abort();
}

}  // namespace rocketlink::sim
