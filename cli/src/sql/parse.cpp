#include "sql/actions/statements.h"
#include "sql/failure.h"
#include "sql/quoting.h"
#include "sql/script.h"

namespace rocketlink::sql {

Result<std::vector<Statement>> parse_script(const Script& script) {
  try {
    const std::string text = without_comments(script.text());
    Builder builder(text);
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(text.data(), text.size(), script.name());
    const bool whole = tao::pegtl::parse<grammar::ScriptFile, grammar::Action>(input, builder);
    if (!whole) builder.fail_unexpected(input.current(), "a statement", {});
    if (builder.statements.empty()) throw Failure{0, "the script has no statement"};
    return std::move(builder.statements);
  } catch (const Failure& failure) {
    return script.error(failure.offset, failure.text, failure.code);
  }
}

}  // namespace rocketlink::sql
