// Scripts of SQL: the first two bytes choose a place to show, the rest is the script.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "rocketlink/row/utf8.h"
#include "sql/script.h"

namespace {

using namespace rocketlink;
using namespace rocketlink::sql;

void check(bool holds) {
  if (!holds) std::abort();
}

/// A query stands in the script where it says, comments aside.
void check_query(std::string_view text, std::string_view query, std::size_t offset) {
  check(!query.empty() && offset + query.size() <= text.size());
  for (std::size_t i = 0; i < query.size(); ++i) check(query[i] == text[offset + i] || query[i] == ' ');
}

struct Checker {
  std::string_view text;

  void operator()(const CreateTable& table) const {
    check(!table.name.empty() && !table.schema.columns.empty() && table.offset < text.size());
    for (const Column& column : table.schema.columns) check(!column.name.empty());
    for (const TableOption& option : table.options) {
      check(text[option.name_offset] == '\'' && text[option.value_offset] == '\'');
    }
  }
  void operator()(const DropTable& drop) const { check(!drop.name.empty() && drop.offset < text.size()); }
  void operator()(const CreateView& view) const { check_query(text, view.query, view.query_offset); }
  void operator()(const InsertInto& insert) const { check_query(text, insert.query, insert.query_offset); }
  void operator()(const StatementSet& set) const {
    check(!set.inserts.empty());
    for (const InsertInto& insert : set.inserts) (*this)(insert);
  }
  void operator()(const SetOption& set) const { check(set.offset < text.size()); }
  void operator()(const ResetOption& reset) const { check(reset.offset < text.size()); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t place = data[0] * std::size_t{256} + data[1];
  const Script script("f", std::string(reinterpret_cast<const char*>(data) + 2, size - 2));
  check(row::is_utf8(script.error(place, "shown").text));
  const auto statements = parse_script(script);
  if (!statements) {
    check(row::is_utf8(statements.error().text));
    return 0;
  }
  check(!statements->empty());
  for (const Statement& statement : *statements) std::visit(Checker{script.text()}, statement);
  return 0;
}
