#include "sim/simulate/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "sim/simulate/fault_classes.h"

namespace rocketlink::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The program in a process of its own, with addresses of its own.
std::string simulate_apart(const std::string& arguments) {
  FILE* const pipe = popen((SIMULATE " " + arguments + " 2>&1").c_str(), "r");
  std::string said;
  char block[4096];
  for (std::size_t got = 0; (got = std::fread(block, 1, sizeof block, pipe)) > 0;) said.append(block, got);
  return pclose(pipe) == 0 ? said : "failed: " + said;
}

std::string hash_in(const std::string& said) {
  const auto at = said.find("trace ");
  return at == std::string::npos ? said : said.substr(at, 22);
}

TEST(Simulation, TheSameSeedIsTheSameTraceAndAnotherAnother) {
  const std::string first = simulate_apart("--seed 3");
  EXPECT_THAT(first, HasSubstr("seed 3: good"));
  EXPECT_EQ(simulate_apart("--seed 3"), first);
  EXPECT_NE(hash_in(simulate_apart("--seed 4")), hash_in(first));
}

TEST(Simulation, ATracedWorldIsTheSame) {
  const std::string traced = simulate_apart("--seed 3 --trace");
  EXPECT_THAT(traced, HasSubstr("everything heals"));
  EXPECT_EQ(hash_in(traced.substr(traced.find("seed 3: good"))), hash_in(simulate_apart("--seed 3")));
}

TEST(FaultClasses, AreThoseOfTheDocument) {
  std::ifstream file(SOURCE_DIR "/docs/testing.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr(fault_classes_markdown()))
      << "docs/testing.md has not what simulate --classes prints";
}

TEST(FaultClasses, ThoseThatHaveNotHappenedAreNamed) {
  std::map<std::string, Tally::Count> happened;
  for (const FaultClass& one : fault_classes()) happened[std::string(one.counters.front())] = {1, 1};
  EXPECT_THAT(not_happened(happened), ElementsAre());
  const FaultClass& first = fault_classes().front();
  happened[std::string(first.counters.front())] = {0, 0};
  EXPECT_THAT(not_happened(happened), ElementsAre(std::string(first.where) + ": " + std::string(first.what)));
}

}  // namespace
}  // namespace rocketlink::sim
