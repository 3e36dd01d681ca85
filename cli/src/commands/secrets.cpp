#include "commands/secrets.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <string_view>
#include <system_error>

namespace rocketlink::commands {
namespace {

constexpr std::string_view kPrefix = "ROCKETLINK_SECRET_";
constexpr std::size_t kMostBytes = 1024 * 1024;  // of a secrets file; a larger one is refused

using Secrets = std::map<std::string, std::string, std::less<>>;

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// Adds `NAME=VALUE`; what is wrong with it otherwise.
std::string add(std::string_view text, Secrets& secrets) {
  const auto equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const bool sound =
      equals != std::string_view::npos && !name.empty() && std::all_of(name.begin(), name.end(), is_of_name);
  if (!sound) return "expected NAME=VALUE, the name of letters, digits and any of _ . -, and no blank before the =";
  const bool added = secrets.emplace(name, text.substr(equals + 1)).second;
  return added ? std::string() : fmt::format("secret '{}' is given twice", name);
}

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

Result<std::string> read_private_file(const std::string& path) {
  const auto failed = [&] {
    return Error(ErrorCode::kIo, fmt::format("secrets file '{}': {}", path, std::generic_category().message(errno)));
  };
  const File file(path);
  struct stat status {};
  if (file.fd() < 0 || ::fstat(file.fd(), &status) != 0) return failed();
  if ((status.st_mode & 0177U) != 0) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("secrets file '{}' has mode {:04o}; only its owner may read it: chmod 600 '{}'", path,
                             status.st_mode & 07777U, path));
  }
  std::string content;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = ::read(file.fd(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed();
    if (count == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(count));
    if (content.size() > kMostBytes) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("secrets file '{}' is larger than 1 MiB", path));
    }
  }
}

Result<Secrets> read_secrets_file(const std::string& path) {
  Secrets secrets;
  if (path.empty()) return secrets;
  const auto content = read_private_file(path);
  if (!content) return content.error();
  std::string_view rest = *content;
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (const std::string wrong = add(line, secrets); !wrong.empty()) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("secrets file '{}', line {}: {}", path, number, wrong));
    }
  }
  return secrets;
}

std::optional<std::string> find(const Secrets& secrets, std::string_view name) {
  const auto secret = secrets.find(name);
  if (secret == secrets.end()) return std::nullopt;
  return secret->second;
}

}  // namespace

std::vector<std::string> secrets_in_environment() {
  std::vector<std::string> found;
  for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
    if (std::string_view(*variable).starts_with(kPrefix)) found.emplace_back(*variable);
  }
  return found;
}

Result<SecretLookup> open_secrets(const SecretSources& sources) {
  struct All {
    Secrets given;
    Secrets file;
    Secrets environment;
  };
  const auto all = std::make_shared<All>();
  for (const std::string& text : sources.given) {
    if (const std::string wrong = add(text, all->given); !wrong.empty()) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("--secret: {}", wrong));
    }
  }
  auto file = read_secrets_file(sources.file);
  if (!file) return file.error();
  all->file = *std::move(file);
  for (const std::string& variable : sources.environment) {
    const auto equals = variable.find('=');
    if (!variable.starts_with(kPrefix) || equals == std::string::npos) continue;
    all->environment.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return SecretLookup([all](std::string_view name) -> std::optional<std::string> {
    if (auto secret = find(all->given, name)) return secret;
    if (auto secret = find(all->file, name)) return secret;
    for (const std::string& variable : secret_variables(name)) {
      if (auto secret = find(all->environment, variable)) return secret;
    }
    return std::nullopt;
  });
}

}  // namespace rocketlink::commands
