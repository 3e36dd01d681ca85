#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/simulate/simulation.h"

namespace rocketlink::sim {

namespace {

struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< included
};

/// What one process has run; goes through a pipe as it is.
struct Sum {
  std::uint64_t worlds = 0;
  std::uint64_t failures = 0;
  std::uint64_t messages = 0;
  double seconds = 0;  ///< virtual ones
};

using Happened = std::map<std::string, std::uint64_t>;

/// Ends the process.
Failed say_failure(std::uint64_t seed) {
  return [seed](const std::string& what, const std::string& newest, std::uint64_t hash) {
    const std::string text = fmt::format(
        "The last events of seed {}:\n{}\nFAILED seed {}: {}\n  trace {:016x}; again, with everything: simulate --seed "
        "{} --trace\n",
        seed, newest, seed, what, hash, seed);
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    std::_Exit(1);
  };
}

/// A world in a process of its own, so that a failure, or a crash, ends that alone. False: it failed.
bool run_apart(std::uint64_t seed, Sum& sum, Happened& happened) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    const Outcome outcome = simulate(seed, {}, say_failure(seed));
    std::string text = fmt::format("{} {}", outcome.messages, std::chrono::duration<double>(outcome.lasted).count());
    for (const auto& [name, count] : outcome.happened) text += fmt::format("\n{}\t{}", name, count);
    if (write(ends[1], text.data(), text.size()) < 0) std::_Exit(2);
    std::_Exit(0);
  }
  close(ends[1]);
  std::string text;
  char block[4096];
  for (ssize_t got = 0; (got = read(ends[0], block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  ++sum.worlds;
  if (status != 0) {
    ++sum.failures;
    if (WIFSIGNALED(status)) {
      fmt::print("FAILED seed {}: signal {}\n", seed, WTERMSIG(status));
    }
    return false;
  }
  std::size_t at = text.find('\n');
  const std::string head = text.substr(0, at);
  const auto space = head.find(' ');
  sum.messages += std::stoull(head.substr(0, space));
  sum.seconds += std::stod(head.substr(space + 1));
  while (at != std::string::npos) {
    const auto next = text.find('\n', at + 1);
    const std::string line = text.substr(at + 1, next == std::string::npos ? next : next - at - 1);
    const auto tab = line.find('\t');
    happened[line.substr(0, tab)] += std::stoull(line.substr(tab + 1));
    at = next;
  }
  return true;
}

int run_one(std::uint64_t seed, bool trace) {
  Trace::Sink sink;
  if (trace) sink = [](std::string_view line) { fmt::print("{}\n", line); };
  const Outcome outcome = simulate(seed, sink, say_failure(seed));
  fmt::print("seed {}: good; {:.1f} virtual seconds, {} messages, {} events, trace {:016x}\n", seed,
             std::chrono::duration<double>(outcome.lasted).count(), outcome.messages, outcome.events, outcome.hash);
  for (const auto& [name, count] : outcome.happened) fmt::print("  {}: {}\n", name, count);
  return 0;
}

int run_many(const Range& range, unsigned jobs, double minutes, std::uint64_t most_failures) {
  const auto begin = std::chrono::steady_clock::now();
  const auto over = [&] {
    return minutes > 0 &&
           std::chrono::steady_clock::now() - begin > std::chrono::duration<double, std::ratio<60>>(minutes);
  };
  std::vector<std::pair<pid_t, int>> children;
  for (unsigned job = 0; job < jobs; ++job) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      Sum sum;
      Happened happened;
      for (std::uint64_t seed = range.first + job; seed <= range.last && !over() && sum.failures < most_failures;
           seed += jobs)
        (void)run_apart(seed, sum, happened);
      std::string text = fmt::format("{} {} {} {}", sum.worlds, sum.failures, sum.messages, sum.seconds);
      for (const auto& [name, count] : happened) text += fmt::format("\n{}\t{}", name, count);
      if (write(ends[1], text.data(), text.size()) < 0) std::_Exit(2);
      std::fflush(nullptr);
      std::_Exit(0);
    }
    close(ends[1]);
    children.emplace_back(child, ends[0]);
  }
  Sum sum;
  Happened happened;
  for (const auto& [child, from] : children) {
    std::string text;
    char block[4096];
    for (ssize_t got = 0; (got = read(from, block, sizeof block)) > 0;)
      text.append(block, static_cast<std::size_t>(got));
    close(from);
    waitpid(child, nullptr, 0);
    Sum one;
    if (std::sscanf(text.c_str(), "%lu %lu %lu %lf", &one.worlds, &one.failures, &one.messages, &one.seconds) != 4) {
      ++sum.failures;
      continue;
    }
    sum.worlds += one.worlds;
    sum.failures += one.failures;
    sum.messages += one.messages;
    sum.seconds += one.seconds;
    std::size_t at = text.find('\n');
    while (at != std::string::npos) {
      const auto next = text.find('\n', at + 1);
      const std::string line = text.substr(at + 1, next == std::string::npos ? next : next - at - 1);
      const auto tab = line.find('\t');
      happened[line.substr(0, tab)] += std::stoull(line.substr(tab + 1));
      at = next;
    }
  }
  const double real = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const auto& [name, count] : happened) fmt::print("  {}: {}\n", name, count);
  fmt::print(
      "{} worlds from seed {} on, {} failed; {} messages, {:.0f} virtual seconds in {:.1f} real ones: {:.0f} a "
      "second\n",
      sum.worlds, range.first, sum.failures, sum.messages, sum.seconds, real, sum.seconds / real);
  return sum.failures == 0 && sum.worlds > 0 ? 0 : 1;
}

}  // namespace

}  // namespace rocketlink::sim

int main(int argc, char** argv) {
  using namespace rocketlink::sim;
  CLI::App app("Runs worlds in which rocketlink's core copies a topic under all kinds of trouble, in virtual time.");
  std::uint64_t seed = 0;
  std::string seeds;
  bool trace = false;
  unsigned jobs = 2;
  double minutes = 0;
  std::uint64_t most_failures = 5;
  auto* one = app.add_option("--seed", seed, "One world");
  app.add_flag("--trace", trace, "With --seed: everything that happens");
  app.add_option("--seeds", seeds, "A..B: many worlds")->excludes(one);
  app.add_option("--jobs", jobs, "How many at the same time")->check(CLI::Range(1, 64));
  app.add_option("--minutes", minutes, "No new world is begun after so many");
  app.add_option("--failures", most_failures, "After how many failures of a job it stops");
  CLI11_PARSE(app, argc, argv);
  if (*one) return run_one(seed, trace);
  const auto dots = seeds.find("..");
  if (dots == std::string::npos) {
    fmt::print(stderr, "simulate: give --seed N or --seeds A..B\n");
    return 2;
  }
  return run_many({std::stoull(seeds.substr(0, dots)), std::stoull(seeds.substr(dots + 2))}, jobs, minutes,
                  most_failures);
}
