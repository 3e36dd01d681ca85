#include <fmt/format.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>

#include "sim/simulate/commit.h"
#include "sim/simulate/fault_classes.h"
#include "sim/simulate/tally.h"

namespace rocketlink::sim {

namespace {

/// Many times what the longest world takes under the slowest sanitizer.
constexpr std::chrono::seconds kProcessorLimit{300};
/// So many worlds meet every class of faults: each is in one of twenty at least.
constexpr std::uint64_t kEnoughWorlds = 300;

/// Gives one seed after the other; nothing: there are no more.
using Seeds = std::function<std::optional<std::uint64_t>()>;

struct Settings {
  unsigned jobs = 2;
  double minutes = 0;  ///< after which no world is begun; 0: however long it takes
  std::uint64_t most_failures = 10;
  bool demand_all = false;
  std::string log;  ///< a file; empty: none
};

/// `hash`: of the trace up to there; 0: not known.
std::string failure_text(std::uint64_t seed, const std::string& what, std::uint64_t hash) {
  const std::string trace = hash == 0 ? "" : fmt::format("trace {:016x}; ", hash);
  return fmt::format("FAILED seed {}: {}\n  {}commit {}; again, with everything: simulate --seed {} --trace\n\n", seed,
                     what, trace, kCommit, seed);
}

int run_one(std::uint64_t seed, bool trace) {
  Trace::Sink sink;
  if (trace) sink = [](std::string_view line) { fmt::print("{}\n", line); };
  const Outcome outcome =
      simulate(seed, sink, [&](const std::string& what, const std::string& newest, std::uint64_t hash) {
        fmt::print("{}{}", trace ? "" : newest, failure_text(seed, what, hash));
        std::fflush(stdout);
        std::_Exit(1);
      });
  fmt::print("seed {}: good; {:.1f} virtual seconds, {} messages, {} events, trace {:016x}\n", seed,
             std::chrono::duration<double>(outcome.lasted).count(), outcome.messages, outcome.events, outcome.hash);
  for (const auto& [name, count] : outcome.happened) fmt::print("  {}: {}\n", name, count);
  return 0;
}

/// As many worlds at a time as there are jobs, each in a process of its own.
Tally run_all(const Seeds& seeds, const Settings& settings) {
  const auto begin = std::chrono::steady_clock::now();
  const auto begins_more = [&](const Tally& tally) {
    const std::chrono::duration<double, std::ratio<60>> passed = std::chrono::steady_clock::now() - begin;
    return tally.failed().size() < settings.most_failures &&
           (settings.minutes <= 0 || passed.count() < settings.minutes);
  };
  struct World {
    std::uint64_t seed;
    std::unique_ptr<Apart> apart;
  };
  std::map<pid_t, World> running;
  Tally tally;
  while (true) {
    while (running.size() < settings.jobs && begins_more(tally)) {
      const auto seed = seeds();
      if (!seed) break;
      const auto world = [seed](const Failed& failed) { return simulate(*seed, {}, failed); };
      auto apart = std::make_unique<Apart>(world, kProcessorLimit);
      const pid_t process = apart->process();
      running.emplace(process, World{*seed, std::move(apart)});
    }
    if (running.empty()) return tally;
    siginfo_t ended{};
    waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT);
    const auto world = running.find(ended.si_pid);
    const Verdict verdict = world->second.apart->wait();
    tally.add(world->second.seed, verdict);
    if (!verdict.outcome) {
      fmt::print("{}{}", verdict.said, failure_text(world->second.seed, verdict.what, verdict.hash));
      std::fflush(stdout);
    }
    running.erase(world);
  }
}

int run_many(const Seeds& seeds, const std::string& which, const Settings& settings) {
  const Tally tally = run_all(seeds, settings);
  bool good = tally.failed().empty() && tally.worlds() > 0;
  fmt::print("{}", tally.counts());
  if (settings.demand_all && tally.worlds() >= kEnoughWorlds) {
    for (const std::string& name : not_happened(tally.happened())) {
      fmt::print("FAILED class of faults: {} has not happened in any of {} worlds\n\n", name, tally.worlds());
      good = false;
    }
  } else if (settings.demand_all) {
    fmt::print("Too few worlds to demand that every class of faults happens: {} are enough.\n", kEnoughWorlds);
  }
  fmt::print("Seeds {}: {}\n", which, tally.sum());
  if (!settings.log.empty()) std::ofstream(settings.log, std::ios::app) << tally.row(kCommit, which) << '\n';
  return good ? 0 : 1;
}

Seeds range(std::uint64_t first, std::uint64_t last) {
  return [next = first, last]() mutable { return next <= last ? std::optional(next++) : std::nullopt; };
}

/// The first word of each line; what is behind it is for people.
Seeds listed(const std::string& file) {
  auto in = std::make_shared<std::ifstream>(file);
  return [in]() -> std::optional<std::uint64_t> {
    for (std::string line; std::getline(*in, line);) {
      std::uint64_t seed = 0;
      if (std::istringstream(line) >> seed) return seed;
    }
    return std::nullopt;
  };
}

int main(int argc, char** argv) {
  CLI::App app("Runs worlds in which rocketlink's core copies a topic under all kinds of trouble, in virtual time.");
  std::uint64_t seed = 0;
  std::string seeds;
  std::string list;
  bool trace = false;
  bool is_fresh = false;
  bool shows_classes = false;
  Settings settings;
  auto* kind = app.add_option_group("Seeds")->require_option(1);
  auto* one = kind->add_option("--seed", seed, "One world");
  kind->add_option("--seeds", seeds, "A..B: many worlds")->check([](const std::string& text) {
    return text.find("..") == std::string::npos ? "give the first and the last as A..B" : "";
  });
  auto* fresh = kind->add_flag("--fresh", is_fresh, "Seeds that probably nobody has run before, for --minutes");
  auto* from_list =
      kind->add_option("--seeds-of", list, "Those at the beginning of a file's lines")->check(CLI::ExistingFile);
  kind->add_flag("--classes", shows_classes, "Only prints the classes of faults, as docs/testing.md has them");
  app.add_flag("--trace", trace, "With --seed: everything that happens")->needs(one);
  app.add_option("--jobs", settings.jobs, "How many at the same time")->check(CLI::Range(1, 64));
  auto* minutes = app.add_option("--minutes", settings.minutes, "No new world is begun after so many");
  app.add_option("--failures", settings.most_failures, "After how many of them it stops");
  app.add_flag("--demand-all", settings.demand_all,
               fmt::format("Fails when a class of faults has not happened, if there are {} worlds", kEnoughWorlds));
  app.add_option("--log", settings.log, "A file to which a line about the run is added");
  fresh->needs(minutes);
  CLI11_PARSE(app, argc, argv);
  setenv("TZ", "UTC", 1);  // keys of messages count from the beginning of a local month
  if (shows_classes) {
    fmt::print("{}", fault_classes_markdown());
    return 0;
  }
  if (*one) return run_one(seed, trace);
  if (*from_list) return run_many(listed(list), "of " + list, settings);
  if (is_fresh) {
    std::random_device chance;
    const std::uint64_t first = (std::uint64_t{chance()} << 16U) + 1;
    fmt::print("Seeds from {} on\n", first);
    return run_many(range(first, ~std::uint64_t{0}), fmt::format("{}..", first), settings);
  }
  const auto dots = seeds.find("..");
  return run_many(range(std::stoull(seeds.substr(0, dots)), std::stoull(seeds.substr(dots + 2))), seeds, settings);
}

}  // namespace

}  // namespace rocketlink::sim

int main(int argc, char** argv) {
  return rocketlink::sim::main(argc, argv);
}
