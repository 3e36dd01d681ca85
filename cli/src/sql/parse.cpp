#include "sql/actions/statements.h"
#include "sql/failure.h"
#include "sql/quoting.h"
#include "sql/script.h"

namespace rocketlink::sql {

Result<std::vector<Statement>> parse_script(const Script& script) {
  if (const std::size_t end = utf8_end(script.text()); end < script.text().size()) {
    return script.error(end, "this byte is not UTF-8; save the script as UTF-8");
  }
  const auto [text, early_end] = without_comments(script.text());
  try {
    Builder builder(text);
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(text.data(), text.size(), script.name());
    const bool whole = tao::pegtl::parse<grammar::ScriptFile, grammar::Action>(input, builder);
    if (!whole) builder.fail_unexpected(input.current(), "a statement", {});
    if (early_end) throw *early_end;
    if (builder.statements.empty()) throw Failure{0, "the script has no statement"};
    return std::move(builder.statements);
  } catch (const Failure& failure) {
    // What is wrong before the early end may well be its cause: a quote that is missing turns all later ones around.
    const Failure& first = early_end && failure.at_end ? *early_end : failure;
    return script.error(first.offset, first.text, first.code);
  }
}

}  // namespace rocketlink::sql
