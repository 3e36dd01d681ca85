#include "sim/simulate/apart.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <system_error>

namespace rocketlink::sim {

namespace {

int memory_file(const char* name) {
  const int file = memfd_create(name, MFD_CLOEXEC);
  if (file < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  return file;
}

std::string content_of(int file) {
  std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
  const ssize_t got = pread(file, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

std::string text_of(const Outcome& outcome) {
  std::string text =
      fmt::format("{} {} {} {}\n", outcome.hash, outcome.lasted.count(), outcome.events, outcome.messages);
  for (const auto& [name, count] : outcome.happened) text += fmt::format("{} {}\n", count, name);
  return text;
}

std::optional<Outcome> parse_outcome(const std::string& text) {
  std::istringstream in(text);
  Outcome outcome;
  std::int64_t lasted = 0;
  if (!(in >> outcome.hash >> lasted >> outcome.events >> outcome.messages)) return std::nullopt;
  outcome.lasted = std::chrono::nanoseconds(lasted);
  std::uint64_t count = 0;
  for (std::string name; in >> count && std::getline(in >> std::ws, name);) outcome.happened[name] = count;
  return outcome;
}

/// The line in which a sanitizer says what it found.
std::string report_in(const std::string& said) {
  std::istringstream in(said);
  for (std::string line; std::getline(in, line);) {
    if (line.find("Sanitizer: ") != std::string::npos || line.find("runtime error: ") != std::string::npos) return line;
  }
  return "";
}

std::chrono::duration<double> seconds_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

Apart::Apart(const std::function<Outcome(const Failed& failed)>& world, std::chrono::seconds processor_limit)
    : processor_limit_(processor_limit), said_(memory_file("said")), result_(memory_file("result")) {
  std::fflush(nullptr);
  process_ = fork();
  if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process_ > 0) return;
  dup2(said_, STDOUT_FILENO);
  dup2(said_, STDERR_FILENO);
  const auto limit = static_cast<rlim_t>(processor_limit.count());
  const rlimit limits{limit, limit + 1};
  setrlimit(RLIMIT_CPU, &limits);
  const auto end = [this](const std::string& result, int code) {
    std::fflush(nullptr);
    std::_Exit(write(result_, result.data(), result.size()) == static_cast<ssize_t>(result.size()) ? code : 2);
  };
  const Outcome outcome = world([&end](const std::string& what, const std::string& newest, std::uint64_t hash) {
    fmt::print("{}", newest);
    end(fmt::format("{} {}", hash, what), 1);
  });
  end(text_of(outcome), 0);
}

Apart::~Apart() {
  close(said_);
  close(result_);
}

Verdict Apart::wait() {
  int status = 0;
  rusage usage{};
  while (wait4(process_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  Verdict verdict;
  verdict.processor_time = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  verdict.said = content_of(said_);
  const std::string result = content_of(result_);
  if (status == 0 && verdict.said.empty()) {
    verdict.outcome = parse_outcome(result);
  } else if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && !result.empty()) {
    verdict.hash = std::stoull(result);
    verdict.what = result.substr(result.find(' ') + 1);
  } else if (const auto report = report_in(verdict.said); !report.empty()) {
    verdict.what = report;
  } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    verdict.what = fmt::format("it did not end within {} s of processor time", processor_limit_.count());
  } else if (WIFSIGNALED(status)) {
    verdict.what = fmt::format("it was ended by signal {}, {}", WTERMSIG(status), strsignal(WTERMSIG(status)));
  } else {
    verdict.what = fmt::format("it ended with code {} and said what it should not have", WEXITSTATUS(status));
  }
  return verdict;
}

}  // namespace rocketlink::sim
