#include "commands/secrets.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace rocketlink;
using namespace rocketlink::commands;
using ::testing::HasSubstr;

/// A file of its own, removed at the end.
class SecretsFile {
 public:
  explicit SecretsFile(std::string_view content, mode_t mode = 0600) {
    const int fd = ::mkstemp(path_.data());
    EXPECT_GE(fd, 0);
    EXPECT_EQ(::write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    EXPECT_EQ(::fchmod(fd, mode), 0);
    ::close(fd);
  }
  ~SecretsFile() { std::filesystem::remove(path_); }
  SecretsFile(const SecretsFile&) = delete;
  SecretsFile& operator=(const SecretsFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = testing::TempDir() + "secretsXXXXXX";
};

std::string looked_up(const SecretSources& sources, std::string_view name) {
  const auto lookup = open_secrets(sources);
  if (!lookup) return "refused: " + lookup.error().text;
  return (*lookup)(name).value_or("(none)");
}

TEST(Secrets, GivenOnTheCommandLine) {
  const SecretSources sources{.given = {"a=1", "b=x=y ", "c="}, .file = {}, .environment = {}};
  EXPECT_EQ(looked_up(sources, "a"), "1");
  EXPECT_EQ(looked_up(sources, "b"), "x=y ");
  EXPECT_EQ(looked_up(sources, "c"), "");
  EXPECT_EQ(looked_up(sources, "A"), "(none)");
}

TEST(Secrets, File) {
  const SecretsFile file("# comment\n\n  a=1\r\nb= x \n\t# another\nc=#3\nlast=z");
  const SecretSources sources{.given = {}, .file = file.path(), .environment = {}};
  EXPECT_EQ(looked_up(sources, "a"), "1");
  EXPECT_EQ(looked_up(sources, "b"), " x ");
  EXPECT_EQ(looked_up(sources, "c"), "#3");
  EXPECT_EQ(looked_up(sources, "last"), "z");
  EXPECT_EQ(looked_up(sources, "# comment"), "(none)");
}

TEST(Secrets, Environment) {
  const SecretSources sources{
      .given = {},
      .file = {},
      .environment = {"ROCKETLINK_SECRET_ak_id=1", "ROCKETLINK_SECRET_AK_SECRET=2", "HOME=3", "ROCKETLINK_SECRET_X"}};
  EXPECT_EQ(looked_up(sources, "ak_id"), "1");
  EXPECT_EQ(looked_up(sources, "ak_secret"), "2");
  EXPECT_EQ(looked_up(sources, "ak.secret"), "2");
  EXPECT_EQ(looked_up(sources, "HOME"), "(none)");
  EXPECT_EQ(looked_up(sources, "X"), "(none)");
}

TEST(Secrets, EnvironmentOfTheProcess) {
  ASSERT_EQ(::setenv("ROCKETLINK_SECRET_of_this_test", "here", 1), 0);
  const auto found = secrets_in_environment();
  ::unsetenv("ROCKETLINK_SECRET_of_this_test");
  EXPECT_THAT(found, testing::Contains("ROCKETLINK_SECRET_of_this_test=here"));
  EXPECT_THAT(found, testing::Each(testing::StartsWith("ROCKETLINK_SECRET_")));
}

TEST(Secrets, CommandLineThenFileThenEnvironment) {
  const SecretsFile file("a=file\nb=file\n");
  const SecretSources sources{
      .given = {"a=given"},
      .file = file.path(),
      .environment = {"ROCKETLINK_SECRET_a=env", "ROCKETLINK_SECRET_b=env", "ROCKETLINK_SECRET_c=env"}};
  EXPECT_EQ(looked_up(sources, "a"), "given");
  EXPECT_EQ(looked_up(sources, "b"), "file");
  EXPECT_EQ(looked_up(sources, "c"), "env");
}

TEST(Secrets, FileThatOthersMayUseIsRefused) {
  for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0601U, 0700U}) {
    const SecretsFile file("a=1\n", mode);
    EXPECT_EQ(looked_up({.given = {}, .file = file.path(), .environment = {}}, "a"),
              fmt::format("refused: secrets file '{0}' has mode {1:04o}; only its owner may read it: chmod 600 '{0}'",
                          file.path(), mode));
  }
  const SecretsFile stricter("a=1\n", 0400);
  EXPECT_EQ(looked_up({.given = {}, .file = stricter.path(), .environment = {}}, "a"), "1");
}

TEST(Secrets, FileThatCannotBeReadIsAnError) {
  const auto missing = open_secrets({.given = {}, .file = "/no/such/file", .environment = {}});
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().is(ErrorCode::kIo));
  EXPECT_EQ(missing.error().text, "secrets file '/no/such/file': No such file or directory");
}

TEST(Secrets, FileThatIsTooLargeIsRefused) {
  const SecretsFile file("a=" + std::string(1024 * 1024, 'x'));
  EXPECT_THAT(looked_up({.given = {}, .file = file.path(), .environment = {}}, "a"), HasSubstr("is larger than 1 MiB"));
}

TEST(Secrets, BadLinesAreToldByNumberAndNotByContent) {
  const SecretsFile no_equals("a=1\n# x\nhush\n");
  EXPECT_EQ(
      looked_up({.given = {}, .file = no_equals.path(), .environment = {}}, "a"),
      "refused: secrets file '" + no_equals.path() +
          "', line 3: expected NAME=VALUE, the name of letters, digits and any of _ . -, and no blank before the =");
  const SecretsFile no_name("=hush\n");
  EXPECT_EQ(
      looked_up({.given = {}, .file = no_name.path(), .environment = {}}, "a"),
      "refused: secrets file '" + no_name.path() +
          "', line 1: expected NAME=VALUE, the name of letters, digits and any of _ . -, and no blank before the =");
  const SecretsFile blank("a =hush\n");
  EXPECT_EQ(
      looked_up({.given = {}, .file = blank.path(), .environment = {}}, "a"),
      "refused: secrets file '" + blank.path() +
          "', line 1: expected NAME=VALUE, the name of letters, digits and any of _ . -, and no blank before the =");
  const SecretsFile twice("a=hush\na=hush2\n");
  EXPECT_EQ(looked_up({.given = {}, .file = twice.path(), .environment = {}}, "a"),
            "refused: secrets file '" + twice.path() + "', line 2: secret 'a' is given twice");
}

TEST(Secrets, BadArgumentsAreRefusedWithoutTheirContent) {
  EXPECT_EQ(looked_up({.given = {"hush"}, .file = {}, .environment = {}}, "a"),
            "refused: --secret: expected NAME=VALUE, the name of letters, digits and any of _ . -, and no blank before "
            "the =");
  EXPECT_EQ(looked_up({.given = {"a=hush", "a=hush"}, .file = {}, .environment = {}}, "a"),
            "refused: --secret: secret 'a' is given twice");
}

}  // namespace
